// Tables with several target columns: how --target names them, and what is refused.
#include <cmath>
#include <vector>

#include "core/tensor_testing.h"
#include "data/data_testing.h"
#include "hillock/data.h"

namespace hillock {
namespace {

using Names = std::vector<std::string>;

const char* const kTable = "a,y1,b,y2\n1,10,2,0.5\n2,30,4,1.5\n3,20,1,2.5\n4,50,3,4.5\n";

TEST(TargetColumns, AreNamedBetweenCommas) {
  for (const char* target : {"y1,y2", "y1, y2", "2,4", "y1,last"}) {
    const LoadedData data = parse(kTable, {.target = target});
    EXPECT_EQ(data.train.task, Task::regression);
    EXPECT_EQ(data.train.target, "y1,y2") << target;
    EXPECT_EQ(data.train.target_names, (Names{"y1", "y2"}));
    EXPECT_EQ(data.train.columns, (Names{"a", "b"}));
    EXPECT_EQ(elements_of(data.train.features), (std::vector<double>{1, 2, 2, 4, 3, 1, 4, 3}));
    EXPECT_EQ(data.train.targets.type().to_string(), "f32[4, 2]");
    EXPECT_EQ(elements_of(data.train.targets), (std::vector<double>{10, 0.5, 30, 1.5, 20, 2.5, 50, 4.5}));
    ASSERT_EQ(data.columns.size(), 4u);
    EXPECT_EQ(data.columns[1].role, ColumnRole::target);
    EXPECT_EQ(data.columns[2].role, ColumnRole::feature);
    EXPECT_EQ(data.columns[3].role, ColumnRole::target);
    EXPECT_TRUE(data.notes.empty()) << data.notes[0];
  }
  EXPECT_EQ(parse(kTable, {.target = "y2,y1"}).train.target_names, (Names{"y2", "y1"})) << "in the order of the call";
}

TEST(TargetColumns, AColumnOfTheWholeNameWins) {
  const Dataset set = parse("y1,y2,\"y1,y2\"\n1,10,7\n2,30,8\n3,20,9.5\n", {.target = "y1,y2"}).train;
  EXPECT_EQ(set.target, "y1,y2");
  EXPECT_TRUE(set.target_names.empty());
  EXPECT_EQ(set.columns, (Names{"y1", "y2"}));
  EXPECT_EQ(elements_of(set.targets), (std::vector<double>{7, 8, 9.5}));
}

// A target that is in the table but was not asked for does not count as dropped by --drop.
TEST(TargetColumns, AreAccountedForWhereTheyAreNotRead) {
  const LoadedData data = parse(kTable, {.target = "y1", .require_target = false});
  ASSERT_EQ(data.columns.size(), 4u);
  EXPECT_EQ(data.columns[1].role, ColumnRole::target);
  EXPECT_EQ(data.columns[1].reason, "");
}

// Target names in the first line mark it as a header.
TEST(TargetColumns, TellTheHeader) {
  EXPECT_EQ(parse("a,y,z\nu,v,w\nu,v,w\n", {.target = "y,q", .require_target = false}).train.columns,
            (Names{"a", "z"}));
  EXPECT_EQ(parse("1,2,3\n4,5,7\n7,9,9\n", {.target = "2,3"}).train.target_names, (Names{"c2", "c3"}));
}

TEST(TargetColumns, GoWithTheirRows) {
  Dataset set = parse(kTable, {.target = "y1,y2"}).train;
  const std::vector<std::int64_t> rows{3, 0};
  const Dataset taken = take_rows(set, rows);
  EXPECT_EQ(taken.target_names, set.target_names);
  EXPECT_EQ(elements_of(taken.targets), (std::vector<double>{50, 4.5, 10, 0.5}));
  const std::vector<std::size_t> second{1};
  EXPECT_EQ(drop_columns(set, second).target_names, set.target_names);
  EXPECT_EQ(folds(set, 2, {}).size(), 2u);
  const Scaler scaler = Scaler::fit(Scale::standard, set.targets);
  EXPECT_EQ(scaler.offset, (std::vector<double>{27.5, 2.25}));
  EXPECT_DOUBLE_EQ(scaler.undo(1, 1), 2.25 + std::sqrt(2.1875));
  set.target_names.pop_back();
  EXPECT_EQ(
      error_of([&] { (void)take_rows(set, rows); }),
      "take rows: the targets are f32[4, 2] and called y1; several targets are numbers [rows, targets] and have a "
      "name each");
}

TEST(TargetColumns, AreReadForAModelByName) {
  const ReadOptions model{
      .target = "y1,y2", .task = Task::regression, .expected_columns = {"b", "a"}, .expected_targets = {"y2", "y1"}};
  const Dataset set = parse(kTable, model).train;
  EXPECT_EQ(set.target_names, (Names{"y2", "y1"}));
  EXPECT_EQ(elements_of(set.targets), (std::vector<double>{0.5, 10, 1.5, 30, 2.5, 20, 4.5, 50}));
  EXPECT_EQ(parse_error("a,b,y1\n1,2,3\n2,3,4\n", model),
            "t.csv: has no column \"y2\" for the target; did you mean \"y1\"? the columns are a, b, y1");
  ReadOptions one = model;  // a model whose only target is called "y1,y2"
  one.expected_targets.clear();
  EXPECT_EQ(parse_error(kTable, one), "t.csv: has no column \"y1,y2\" for the target; the columns are a, y1, b, y2");
  ReadOptions predicting = model;
  predicting.require_target = false;
  EXPECT_EQ(parse("a,b,y1\n1,2,x\n2,3,4\n", predicting).train.columns, (Names{"b", "a"})) << "left out unread";
  // Without a header the file holds the columns, then the targets.
  const Dataset bare = parse("1,2,3,40\n5,6,7,90\n", model).train;
  EXPECT_EQ(elements_of(bare.features), (std::vector<double>{1, 2, 5, 6}));
  EXPECT_EQ(bare.target_names, (Names{"y2", "y1"}));
  EXPECT_EQ(elements_of(bare.targets), (std::vector<double>{3, 40, 7, 90}));
}

TEST(TargetColumns, AreRefusedWhereTheyCannotBe) {
  EXPECT_EQ(parse_error(kTable, {.target = "y1,y1"}),
            "t.csv: --target names the column \"y1\" twice; name each target once");
  EXPECT_EQ(parse_error(kTable, {.target = "y1,2"}),
            "t.csv: --target names the column \"y1\" twice; name each target once");
  EXPECT_EQ(parse_error(kTable, {.target = "y1,y3"}),
            "t.csv: has no column \"y3\" for the target; did you mean \"y1\"? the columns are a, y1, b, y2");
  EXPECT_NE(parse_error(kTable, {.target = "y1,"}), "");
  EXPECT_EQ(parse_error(kTable, {.target = "a,y1,b,y2"}),
            "t.csv: options leave no column beside the targets a, y1, b, y2; drop fewer, or name fewer targets");
  EXPECT_EQ(parse_error(kTable, {.target = "y1,y2", .weights = "y2"}),
            "t.csv: column \"y2\" is the target and cannot be for --weights as well; name another");
  EXPECT_EQ(
      parse_error(kTable, {.target = "y1,y2", .task = Task::classification}),
      "t.csv: 2 targets are named, and a classification has one; name one, or leave out --task if they are numbers");
  EXPECT_EQ(parse_error("a,y1,y2\n1,2,1\n2,3,no\n4,5,yes\n", {.target = "y1,y2"}),
            "t.csv: target column \"y2\" holds texts (first: \"no\"), and several targets are predicted as numbers; "
            "train a model for it alone");
  const char* const two = "a,y1,y2\n1,2,0\n2,3,1\n4,5,0\n";
  EXPECT_EQ(
      parse_error(two, {.target = "y1,y2"}),
      "t.csv: target column \"y2\" holds two values, which are taken as classes, and several targets are predicted "
      "as numbers; pass --task regression to take them as numbers, or train a model for it alone");
  EXPECT_EQ(parse(two, {.target = "y1,y2", .task = Task::regression}).train.targets.at(3), 1);
  EXPECT_EQ(
      parse_error("a,y1,y2\n1,2,7\n2,3,7\n4,5,7\n", {.target = "y1,y2"}),
      "t.csv: target column \"y2\" has the same value \"7\" in all 3 rows; there is nothing to learn from it, choose "
      "another");
  EXPECT_EQ(parse_error("a,y1,y2\n1,2,7\n2,3,\n4,5,8\n", {.target = "y1,y2", .missing = Missing::refuse}),
            "t.csv: target column \"y2\" has 1 missing cell (first: line 3, \"\"); fill them in, or pass --missing "
            "drop-rows to leave these rows out");
}

// Times in seconds, which f32 does not tell apart.
TEST(TargetColumns, ThatF32DoesNotTellApartAreHeldInF64) {
  const Dataset set =
      parse("a,y1,y2\n1,2,1700000001\n2,3,1700000002\n4,5,1700000004\n", {.target = "y1,y2", .widen = true}).train;
  EXPECT_EQ(set.targets.dtype(), DType::f64);
  EXPECT_EQ(set.targets.at(5), 1700000004);
}

}  // namespace
}  // namespace hillock
