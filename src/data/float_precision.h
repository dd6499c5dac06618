// Numbers whose differences f32 cannot hold. Times in seconds are an example: f32 keeps 24 bits of a number, and most
// of them are the same in every row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// Numbers are examined only if their magnitude exceeds their spread by this factor.
inline constexpr double kMagnitudePerSpread = 256;

// Whether f32 leaves too few bits of the differences between the numbers of a column of `rounded`, which is f32
// [rows, columns]. `lost` is the most that rounding took from one of them. What are outliers (a twentieth of the rows
// on either side) does not matter. Numbers that rounding made all alike may have been so before.
bool may_lose_differences(const Tensor& rounded, std::int64_t column, double lost);

// For data that were read as f64 because some numbers may lie too close for the f32 that the options ask for. Makes
// them f32 if after all none do, or unless options.widen; what is done is added to `notes`.
void settle_dtype(Dataset& dataset, const ReadOptions& options, std::string_view where,
                  std::vector<std::string>& notes);

}  // namespace hillock
