// Replicas hold what was copied to them, whatever their number and the size of rows.
#include "replicate/replica_copy.h"

#include <gtest/gtest.h>

#include <vector>

namespace hillock {
namespace {

template <class T>
void expect_gathered(std::int64_t replicas, std::int64_t row_elements) {
  constexpr std::int64_t kRows = 7, kCount = 5;
  std::vector<std::vector<T>> data(static_cast<std::size_t>(replicas));
  std::vector<std::vector<std::int64_t>> numbers(data.size());
  std::vector<ReplicaRows> sources;
  for (std::size_t replica = 0; replica < data.size(); ++replica) {
    for (std::int64_t i = 0; i < kRows * row_elements; ++i)
      data[replica].push_back(static_cast<T>(replica * 100000 + static_cast<std::size_t>(i)));
    for (std::int64_t k = 0; k < kCount; ++k)
      numbers[replica].push_back((k * 3 + static_cast<std::int64_t>(replica)) % kRows);
    sources.push_back({data[replica].data(), numbers[replica].data()});
  }
  std::vector<T> out(static_cast<std::size_t>(kCount * row_elements * replicas + 1), T{77});
  gather_for_replicas(sources, kCount, row_elements, sizeof(T), out.data());
  for (std::int64_t replica = 0; replica < replicas; ++replica) {
    const auto l = static_cast<std::size_t>(replica);
    std::vector<T> of_replica(static_cast<std::size_t>(kCount * row_elements));
    copy_from_replica(out.data(), kCount * row_elements, sizeof(T), of_replica.data(), replicas, replica);
    for (std::int64_t k = 0; k < kCount; ++k) {
      for (std::int64_t e = 0; e < row_elements; ++e) {
        EXPECT_EQ(of_replica[static_cast<std::size_t>(k * row_elements + e)],
                  data[l][static_cast<std::size_t>(numbers[l][static_cast<std::size_t>(k)] * row_elements + e)])
            << "replica " << replica << " of " << replicas << ", row " << k << ", element " << e;
      }
    }
  }
  EXPECT_EQ(out.back(), T{77}) << "written past the end";
}

TEST(ReplicaCopy, GathersRowsOfEveryReplica) {
  for (const std::int64_t replicas : {1, 3, 8, 9, 16, 20}) {
    for (const std::int64_t row_elements : {1, 2, 7, 8, 9, 16, 19}) {
      expect_gathered<float>(replicas, row_elements);
      expect_gathered<double>(replicas, row_elements);
    }
  }
}

TEST(ReplicaCopy, AReplicaByItself) {
  const std::vector<double> values{1, 2, 3};
  std::vector<double> stacked(3 * 4, -1), back(3);
  copy_to_replica(values.data(), 3, sizeof(double), stacked.data(), 4, 2);
  EXPECT_EQ(stacked, (std::vector<double>{-1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1}));
  copy_from_replica(stacked.data(), 3, sizeof(double), back.data(), 4, 2);
  EXPECT_EQ(back, values);
  clear_replica(stacked.data(), 3, sizeof(double), 4, 2);
  EXPECT_EQ(stacked, (std::vector<double>{-1, -1, 0, -1, -1, -1, 0, -1, -1, -1, 0, -1}));
}

}  // namespace
}  // namespace hillock
