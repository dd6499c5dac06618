// Compares by bytes, by exact decimal notation, by truth.
#include "data/category_match.h"

#include <algorithm>
#include <unordered_map>

#include "data/cell_value.h"

namespace hillock {

std::size_t find_category(const std::vector<std::string>& categories, std::string_view text) {
  const auto position = [&](const auto& is_it) {
    return static_cast<std::size_t>(std::find_if(categories.begin(), categories.end(), is_it) - categories.begin());
  };
  std::size_t found = position([&](const std::string& category) { return category == text; });
  if (found < categories.size()) return found;
  if (const std::string number = exact_number(text); !number.empty()) {
    found = position([&](const std::string& category) { return exact_number(category) == number; });
    if (found < categories.size()) return found;
  }
  const auto truth = truth_of(text);
  if (!truth || !are_truth_values(categories)) return categories.size();
  return position([&](const std::string& category) { return truth_of(category) == truth; });
}

std::vector<std::size_t> merge_spellings(const std::vector<std::string>& categories,
                                         const std::vector<std::int64_t>& counts) {
  const bool truths = are_truth_values(categories);
  std::unordered_map<std::string, std::size_t> commonest;
  std::vector<std::string> keys(categories.size());
  for (std::size_t i = 0; i < categories.size(); ++i) {
    keys[i] = truths ? (*truth_of(categories[i]) ? "true" : "false") : exact_number(categories[i]);
    if (keys[i].empty()) continue;
    const auto [place, fresh] = commonest.emplace(keys[i], i);
    if (!fresh && counts[i] > counts[place->second]) place->second = i;
  }
  std::vector<std::size_t> kept(categories.size());
  for (std::size_t i = 0; i < categories.size(); ++i) kept[i] = keys[i].empty() ? i : commonest[keys[i]];
  return kept;
}

}  // namespace hillock
