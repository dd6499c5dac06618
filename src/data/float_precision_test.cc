// Numbers that f32 cannot tell apart: the columns in which they are found, and the type of the rows that follows.
#include "data/float_precision.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

#include "core/error_testing.h"
#include "data/data_testing.h"

namespace hillock {
namespace {

constexpr std::int64_t kStart = 1700000000;  // near it f32 represents only multiples of 128

ReadOptions widening() { return {.target = "y", .widen = true}; }

// A table of `count` rows with the columns t, x and y.
template <class Time>
std::string table(Time time, int count = 200) {
  std::string text = "t,x,y\n";
  for (int i = 0; i < count; ++i) text += fmt::format("{},{},{}\n", time(i), i * 7 % 11, i * 5 % 17 + 0.5);
  return text;
}

std::string mixed_times(int i) { return fmt::format("{}", kStart + i * 7919 % 1009); }

TEST(FloatPrecision, AreKeptInF64) {
  const LoadedData data = parse(table(mixed_times), widening());
  EXPECT_EQ(data.train.features.type().to_string(), "f64[200, 2]");
  EXPECT_EQ(data.train.targets.dtype(), DType::f64);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(data.train.features.at(2 * i), static_cast<double>(kStart + i * 7919 % 1009));
  EXPECT_EQ(data.notes,
            (std::vector<std::string>{"t.csv: column t holds numbers too large and close together for f32; rows "
                                      "are kept in f64 until they are scaled"}));
}

TEST(FloatPrecision, AreToldUnlessTheCallerTakesF64) {
  const LoadedData data = parse(table(mixed_times), {.target = "y"});
  EXPECT_EQ(data.train.features.type().to_string(), "f32[200, 2]");
  EXPECT_EQ(data.train.features.at(2), static_cast<float>(kStart + 856));  // 7919 % 1009
  EXPECT_EQ(data.train.targets.dtype(), DType::f32);
  EXPECT_EQ(
      data.notes,
      (std::vector<std::string>{"t.csv: column t holds numbers too large and close together for f32; choose f64"}));
  EXPECT_TRUE(parse(table(mixed_times), {.target = "y", .dtype = DType::f64}).notes.empty());
}

// They are found even if the first rows, or some of all rows, lie elsewhere.
TEST(FloatPrecision, OutliersDoNotHideThem) {
  const auto never = [](int i) { return i % 25 == 3 ? std::string("0") : mixed_times(i); };
  // quotes make the reader parse cell by cell
  const auto quoted = [](int i) { return i == 0 ? "\"1\"" : mixed_times(i); };
  const auto missing = [](int i) { return i % 2 == 0 ? std::string() : mixed_times(i); };
  EXPECT_EQ(parse(table(never), widening()).train.features.dtype(), DType::f64);
  EXPECT_EQ(parse(table(quoted), widening()).train.features.dtype(), DType::f64);
  EXPECT_EQ(parse(table(missing), widening()).train.features.dtype(), DType::f64);
  const auto all_quoted = [](int i) { return fmt::format("\"{}\"", mixed_times(i)); };
  EXPECT_EQ(parse(table(all_quoted), widening()).train.features.dtype(), DType::f64);
}

// f32 represents whole numbers up to 2^24 exactly, and it need not tell more than 65 536 numbers apart.
TEST(FloatPrecision, AreNotFoundWhereF32IsEnough) {
  const auto expect_f32 = [](const std::string& text) {
    const LoadedData data = parse(text, widening());
    EXPECT_EQ(data.train.features.dtype(), DType::f32) << text.substr(0, 40);
    EXPECT_TRUE(data.notes.empty()) << data.notes[0];
  };
  expect_f32(table([](int i) { return 2020 + i % 3; }));
  expect_f32(table([](int i) { return 16777000 + i * 13 % 199; }));
  expect_f32(table([](int i) { return fmt::format("{:.2f}", 1013.25 + 0.13 * (i * 37 % 101)); }));
  expect_f32(table([](int i) { return kStart + std::int64_t{3000000} * (i * 37 % 101); }));
  expect_f32(table([](int i) { return fmt::format("{}e9", i * i * i * i); }));  // values with a long tail
  expect_f32(table([](int i) { return i % 50 == 7 ? "0.3" : "0.1"; }));
  expect_f32(table([](int) { return "0.1"; }));
  expect_f32(table([](int i) { return i % 2 == 0 ? "a" : "1700000001"; }));
}

// Data that are read as f64 and converted to f32 have the same bits as data that are read as f32.
TEST(FloatPrecision, RowsBecomeF32WithThoseThatAreLeftOut) {
  const auto third = [](int i) { return i / 3.0; };
  std::string with = "id,x,y\n", without = "x,y\n";
  for (int i = 0; i < 200; ++i) {
    with += fmt::format("{},{},{}\n", kStart + i * 37 % 200, third(i), third(i % 17));
    without += fmt::format("{},{}\n", third(i), third(i % 17));
  }
  for (const bool widen : {false, true}) {
    const ReadOptions options{.target = "y", .widen = widen};
    const LoadedData data = parse(with, options), expected = parse(without, options);
    EXPECT_EQ(
        data.notes,
        (std::vector<std::string>{"column \"id\" numbers the rows and is left out; pass --numeric \"id\" to keep it"}));
    ASSERT_EQ(data.train.features.type().to_string(), "f32[200, 1]");
    EXPECT_EQ(std::memcmp(data.train.features.raw(), expected.train.features.raw(), 200 * 4), 0);
    EXPECT_EQ(std::memcmp(data.train.targets.raw(), expected.train.targets.raw(), 200 * 4), 0);
  }
}

TEST(FloatPrecision, OfATargetCountToo) {
  std::string text = "x,y\n";
  for (int i = 0; i < 100; ++i) text += fmt::format("{},{}\n", i * 7 % 11, mixed_times(i));
  const Dataset set = parse(text, widening()).train;
  EXPECT_EQ(set.targets.dtype(), DType::f64);
  EXPECT_EQ(set.features.dtype(), DType::f64);
  EXPECT_EQ(set.targets.at(1), static_cast<double>(kStart + 856));
  const LoadedData classes = parse(text, {.target = "y", .task = Task::classification, .widen = true});
  EXPECT_EQ(classes.train.features.dtype(), DType::f32);
}

// Everything that a model reads keeps the type that was chosen in training.
TEST(FloatPrecision, AreNotLookedForWhereColumnsAreExpected) {
  ReadOptions options = widening();
  options.expected_columns = {"t", "x"};
  const LoadedData data = parse(table(mixed_times), options);
  EXPECT_EQ(data.train.features.dtype(), DType::f32);
  EXPECT_TRUE(data.notes.empty());
}

TEST(FloatPrecision, WeightsAreOfTheFeaturesTypeAndWithinF32) {
  ReadOptions options{.target = "y", .widen = true, .weights = "x"};
  EXPECT_EQ(parse(table(mixed_times), options).train.weights.dtype(), DType::f64);
  EXPECT_NE(error_of([&] {
              std::string text = table(mixed_times);
              parse(text.replace(text.rfind(','), 1, "e300,"), options);
            }).find("too large for f32"),
            std::string::npos);
}

// What numpy.save writes for numpy.array(rows, dtype).
template <class T>
std::string npy(const char* descr, int rows, int columns, const std::vector<T>& values) {
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}", descr, rows, columns);
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  bytes += header;
  return bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

TEST(FloatPrecision, AreFoundInArrays) {
  const TestDirectory directory;
  std::vector<double> numbers;
  std::vector<std::int64_t> whole;
  for (int i = 0; i < 100; ++i) {
    numbers.insert(numbers.end(), {1e6 + (i * 37 % 100) * 1e-3, i % 7 + 0.5});
    whole.insert(whole.end(), {i % 13, kStart + i * 37 % 100});  // the last column is the target
  }
  const std::string features = directory.write("a.npy", npy("<f8", 100, 2, numbers));
  const std::string targets = directory.write("b.npy", npy("<i8", 100, 2, whole));
  const Dataset a = load_data(features, {.widen = true}).train, b = load_data(targets, {.widen = true}).train;
  EXPECT_EQ(a.features.dtype(), DType::f64);
  EXPECT_EQ(a.features.at(1), 1e6 + 37e-3);
  EXPECT_EQ(b.targets.dtype(), DType::f64);
  EXPECT_EQ(b.targets.at(1), static_cast<double>(kStart + 37));
  const LoadedData narrow = load_data(features);
  EXPECT_EQ(narrow.train.features.dtype(), DType::f32);
  EXPECT_EQ(narrow.notes.size(), 1u);
}

TEST(FloatPrecision, NumbersBeyondF32AreRefusedBesideDatesToo) {
  EXPECT_EQ(error_of([] {
              (void)parse_table("x,w,d,t\n1,1e300,2024-05-31,0\n2,0.5,2023-01-01,1\n3,2,2024-06-01,0\n", "t.csv",
                                {.target = "t"});
            }),
            "t.csv: column \"w\" holds 1e+300, and numbers of f32 end at 3.4e38: choose f64 or correct it");
}

}  // namespace
}  // namespace hillock
