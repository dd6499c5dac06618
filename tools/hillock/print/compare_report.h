// What `compare` prints: the table, the CSV of learning curves, the JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "combinations.h"
#include "hillock/compare.h"
#include "print/score_table.h"

namespace hillock::program {

// Everything that a report needs.
struct Compared {
  std::string data;
  std::int64_t seeds = 0;
  std::vector<Variation> variations;
  std::vector<Combination> combinations;
  std::vector<ComparedConfiguration> results;  // by combination, in order

  std::int64_t ended() const;  // the number of runs that have ended
  bool complete() const { return ended() == seeds * static_cast<std::int64_t>(combinations.size()); }
};

// A line for each combination, followed by an explanation of the columns.
std::string compare_table(const Compared& compared);
// A row for each combination, seed and recorded epoch.
std::string compare_csv(const Compared& compared);
Json compare_json(const Compared& compared);

}  // namespace hillock::program
