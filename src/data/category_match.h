// Categories that mean the same although they are spelled otherwise: "1" and "1.0", "True" and "yes".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hillock {

// The number of the category that the text is: the same text, else the same number, else, where the categories are the
// two truth values, the same of these. categories.size() if it is none.
std::size_t find_category(const std::vector<std::string>& categories, std::string_view text);

// For each category the number of the one that stands for all that mean the same: the commonest of them, by `counts`.
std::vector<std::size_t> merge_spellings(const std::vector<std::string>& categories,
                                         const std::vector<std::int64_t>& counts);

}  // namespace hillock
