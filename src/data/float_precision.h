// Finds columns whose differences f32 cannot represent. Times in seconds are an example: f32 keeps 24 bits of a number,
// and most of these bits are the same in every row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// A column is examined only if the magnitude of its numbers exceeds their spread by this factor.
inline constexpr double kMagnitudePerSpread = 256;

// Whether f32 keeps too few bits of the differences between the numbers of a column of `rounded`, f32 [rows, columns].
// `lost` is the largest rounding error in the column. Outliers, a twentieth of the rows on either side, are ignored. If
// rounding made all numbers equal, they may have been equal before.
bool may_lose_differences(const Tensor& rounded, std::int64_t column, double lost);

// For data that were read as f64 because some numbers may lie too close together for the f32 that the options ask for.
// Converts the data to f32 if no column needs f64, or if options.widen is false; adds what was done to `notes`.
void settle_dtype(Dataset& dataset, const ReadOptions& options, std::string_view where,
                  std::vector<std::string>& notes);

}  // namespace hillock
