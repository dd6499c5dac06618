// Lanes hold what was copied to them, whatever the number of lanes and the size of rows.
#include "replicate/lane_copy.h"

#include <gtest/gtest.h>

#include <vector>

namespace hillock {
namespace {

template <class T>
void expect_gathered(std::int64_t replicas, std::int64_t row_elements) {
  constexpr std::int64_t kRows = 7, kCount = 5;
  std::vector<std::vector<T>> data(static_cast<std::size_t>(replicas));
  std::vector<std::vector<std::int64_t>> numbers(data.size());
  std::vector<LaneRows> lanes;
  for (std::size_t lane = 0; lane < data.size(); ++lane) {
    for (std::int64_t i = 0; i < kRows * row_elements; ++i)
      data[lane].push_back(static_cast<T>(lane * 100000 + static_cast<std::size_t>(i)));
    for (std::int64_t k = 0; k < kCount; ++k)
      numbers[lane].push_back((k * 3 + static_cast<std::int64_t>(lane)) % kRows);
    lanes.push_back({data[lane].data(), numbers[lane].data()});
  }
  std::vector<T> out(static_cast<std::size_t>(kCount * row_elements * replicas + 1), T{77});
  gather_to_lanes(lanes, kCount, row_elements, sizeof(T), out.data());
  for (std::int64_t lane = 0; lane < replicas; ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    std::vector<T> of_lane(static_cast<std::size_t>(kCount * row_elements));
    from_lane(out.data(), kCount * row_elements, sizeof(T), of_lane.data(), replicas, lane);
    for (std::int64_t k = 0; k < kCount; ++k) {
      for (std::int64_t e = 0; e < row_elements; ++e) {
        EXPECT_EQ(of_lane[static_cast<std::size_t>(k * row_elements + e)],
                  data[l][static_cast<std::size_t>(numbers[l][static_cast<std::size_t>(k)] * row_elements + e)])
            << "lane " << lane << " of " << replicas << ", row " << k << ", element " << e;
      }
    }
  }
  EXPECT_EQ(out.back(), T{77}) << "written past the end";
}

TEST(LaneCopy, GathersRowsOfEveryLane) {
  for (const std::int64_t replicas : {1, 3, 8, 9, 16, 20}) {
    for (const std::int64_t row_elements : {1, 2, 7, 8, 9, 16, 19}) {
      expect_gathered<float>(replicas, row_elements);
      expect_gathered<double>(replicas, row_elements);
    }
  }
}

TEST(LaneCopy, ALaneByItself) {
  const std::vector<double> values{1, 2, 3};
  std::vector<double> lanes(3 * 4, -1), back(3);
  to_lane(values.data(), 3, sizeof(double), lanes.data(), 4, 2);
  EXPECT_EQ(lanes, (std::vector<double>{-1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1}));
  from_lane(lanes.data(), 3, sizeof(double), back.data(), 4, 2);
  EXPECT_EQ(back, values);
  clear_lane(lanes.data(), 3, sizeof(double), 4, 2);
  EXPECT_EQ(lanes, (std::vector<double>{-1, -1, 0, -1, -1, -1, 0, -1, -1, -1, 0, -1}));
}

}  // namespace
}  // namespace hillock
