// Lines for the columns of a table.
#include "print/column_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hillock::program {
namespace {

using Json = nlohmann::ordered_json;

TEST(ColumnTable, HasALineForEachColumn) {
  const Json columns = Json::parse(R"([
    {"name": "id", "role": "left out", "reason": "numbers the rows"},
    {"name": "age", "role": "feature", "kind": "number", "missing": 1, "range": [17, 90.5]},
    {"name": "town", "role": "feature", "kind": "categories", "categories": 3, "missing": 2},
    {"name": "visit", "role": "feature", "kind": "number", "missing": 0, "range": [1, 3], "suggestion": "pass --x"},
    {"name": "site", "role": "group"},
    {"name": "price", "role": "target", "range": [0.1, 7]}])");
  EXPECT_EQ(column_table(columns),
            "  id     left out: numbers the rows\n"
            "  age    number, 17 to 90.5; 1 cell missing\n"
            "  town   3 categories; 2 cells missing\n"
            "  visit  number, 1 to 3 (pass --x)\n"
            "  site   group\n"
            "  price  target, 0.1 to 7\n");
  EXPECT_EQ(column_table(Json::array()), "");
}

TEST(ColumnTable, PutsManyPlainNumbersTogether) {
  Json columns = Json::array();
  for (int i = 0; i < 40; ++i) {
    columns.push_back({{"name", "x" + std::to_string(i)},
                       {"role", "feature"},
                       {"kind", "number"},
                       {"missing", i == 20 ? 3 : 0},
                       {"range", {-i, i}}});
  }
  EXPECT_EQ(column_table(columns),
            "  x0 … x19   20 numbers, -19 to 19\n"
            "  x20        number, -20 to 20; 3 cells missing\n"
            "  x21 … x39  19 numbers, -39 to 39\n");
}

}  // namespace
}  // namespace hillock::program
