// Compares the layers before and behind a network bit for bit with their definition, computed number by number; and a
// model in one graph with its three parts.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/random.h"
#include "data/encoding_oracle.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/naive.h"
#include "hillock/step.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool same_bits(const Tensor& x, const Tensor& y) {
  return x.type() == y.type() && std::memcmp(x.raw(), y.raw(), x.bytes()) == 0;
}

// A random table with columns of every kind: numbers and categories, with and without missing cells, some of them
// embedded.
struct Table {
  Encoding encoding;
  Scaler scaler;
  Tensor rows;

  Table(std::uint64_t seed, Scale kind, bool encoded, DType dtype) {
    PhiloxStream random(seed, "table");
    const std::size_t columns = 1 + random.below(9);
    scaler.kind = kind;
    for (std::size_t i = 0; i < columns; ++i) {
      ColumnEncoding column;
      const std::uint64_t categories = encoded && random.below(2) == 0 ? 1 + random.below(6) : 0;
      for (std::uint64_t c = 0; c < categories; ++c)
        column.categories.push_back(std::string(1, static_cast<char>('a' + c)));
      column.missing = encoded && random.below(2) == 0;
      column.embedding = categories > 0 && random.below(3) == 0 ? 2 : 0;
      if (kind != Scale::none) {
        scaler.offset.push_back(categories > 0 ? 0 : random.normal() * std::pow(10, random.uniform(-3, 6)));
        scaler.factor.push_back(categories > 0 ? 1 : random.normal() * std::pow(10, random.uniform(-6, 3)));
      }
      if (!encoded) continue;
      encoding.columns.push_back(column);
      encoding.fill.push_back(categories > 0 ? 0 : random.normal() * 100);
    }
    const auto count = static_cast<std::int64_t>(1 + random.below(600));
    rows = Tensor(TensorType{dtype, {count, static_cast<std::int64_t>(columns)}, {}});
    for (std::int64_t at = 0; at < rows.elements(); ++at) {
      const std::size_t i = static_cast<std::size_t>(at) % columns;
      const std::size_t categories = encoded ? encoding.columns[i].categories.size() : 0;
      double value = categories > 0 ? static_cast<double>(random.below(categories + 2)) : random.normal() * 1000;
      if (random.below(5) == 0) value = kNaN;
      if (categories == 0 && random.below(20) == 0) value = random.below(2) == 0 ? -0.0 : 1e30;
      rows.set(at, value);
    }
  }

  Model model(DType dtype) const {
    const auto columns = static_cast<std::size_t>(rows.shape()[1]);
    Model made{.network = make_network({}, encoding.inputs(columns), 1, dtype, encoding.embeddings()),
               .spec = {},
               .task = Task::regression,
               .target = "t",
               .columns = std::vector<std::string>(columns, "c"),
               .classes = {},
               .sample_shape = Shape{static_cast<std::int64_t>(columns)},
               .features = scaler,
               .encoding = encoding,
               .targets = {}};
    made.network.initialize(3);
    return made;
  }
};

Tensor defined(const Table& table, DType dtype) {
  if (!table.encoding.empty()) return oracle::encoded(table.encoding, table.scaler, table.rows, dtype);
  Tensor rows = converted(table.rows, DType::f64);
  oracle::scale(table.scaler, rows);
  return converted(std::move(rows), dtype);
}

TEST(Preparation, GivesTheBitsOfItsDefinition) {
  std::uint64_t seed = 0;
  for (const DType rows : {DType::f32, DType::f64}) {
    for (const DType network : {DType::f32, DType::f64}) {
      for (const Scale kind : {Scale::none, Scale::standard}) {
        for (const bool encoded : {false, true}) {
          for (int repeat = 0; repeat < 12; ++repeat) {
            const Table table(++seed, kind, encoded, rows);
            EXPECT_TRUE(same_bits(table.model(network).prepare(table.rows), defined(table, network)))
                << name_of(rows) << " rows, " << name_of(network) << " network, scaled " << name_of(kind)
                << ", encoded " << encoded << ", seed " << seed;
          }
        }
      }
    }
  }
}

TEST(Preparation, TakesAMissingCategoryAsMinusOneToo) {
  Table table(1, Scale::none, false, DType::f32);
  table.encoding.columns = {
      {.categories = {"a", "b"}, .missing = true}, {}, {.categories = {"x", "y", "z"}, .embedding = 2}};
  table.encoding.fill = {0, 7, 0};
  table.rows = Tensor::from<float>(Shape{3, 3}, {-1, -1, -1, 1, -1, 2, 2, NAN, 3});
  const Tensor expected = Tensor::from<float>(Shape{3, 5}, {0, 0, 1, -1, 3, 0, 1, 0, -1, 2, 0, 0, 0, 7, 3});
  EXPECT_TRUE(same_bits(table.model(DType::f32).prepare(table.rows), expected));
}

// Compares one plan from the raw row, also interpreted op by op, with the model's parts run one after another.
TEST(Preparation, AModelInOneGraphComputesWhatItsPartsCompute) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    for (std::uint64_t seed = 100; seed < 106; ++seed) {
      const Table table(seed, Scale::standard, true, DType::f32);
      Model model = table.model(dtype);
      model.targets = Scaler{.kind = Scale::standard, .offset = {100}, .factor = {0.3}};
      const Tensor predicted = model.predict(table.rows);

      Tensor by_parts = predict(model.network, model.prepare(table.rows));
      for (std::int64_t k = 0; k < by_parts.elements(); ++k) by_parts.set(k, by_parts.at(k) / 0.3 + 100);
      EXPECT_TRUE(same_bits(predicted, by_parts));

      Graph graph;
      const Value rows = graph.input("rows", table.rows.type());
      const DescribedModel described = model.describe(graph, rows);
      Store states = model.fitted(DType::f32, model.network);
      copy_state(model.network.store(), states, kLearnt);
      EXPECT_TRUE(same_bits(run_naive(graph, {{"rows", table.rows}}, states).at(described.answer), predicted));
    }
  }
}

TEST(Preparation, RefusesANetworkThatTakesOtherRows) {
  Model model = Table(7, Scale::standard, false, DType::f32).model(DType::f32);
  const auto columns = static_cast<std::int64_t>(model.columns.size());
  model.network = make_network({}, columns + 1, 1, DType::f32);
  try {
    (void)model.predict(Tensor(TensorType{DType::f32, {1, columns}, {}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("inputs and its network takes"), std::string::npos) << error.what();
  }
}

TEST(Preparation, ReleasesRowsThatAreNeededNoMore) {
  const Table table(11, Scale::standard, true, DType::f32);
  const Model model = table.model(DType::f32);
  Dataset data;
  data.task = Task::regression;
  data.features = table.rows;
  data.targets = Tensor(TensorType{DType::f32, {table.rows.shape()[0], 1}, {}});
  data.columns = model.columns;
  const PreparedRows kept = model.prepare(data);
  const PreparedRows moved = model.prepare(std::move(data));
  EXPECT_TRUE(same_bits(kept.features, moved.features));
  EXPECT_TRUE(same_bits(kept.targets, moved.targets));
  EXPECT_EQ(data.features.raw(), nullptr);
  EXPECT_EQ(moved.examples().weights, nullptr);
}

}  // namespace
}  // namespace hillock
