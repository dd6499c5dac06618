// Reading .npy files. The first fixture is what numpy.save writes, byte for byte; the others vary its layout.
#include <fmt/format.h>

#include <limits>

#include "data/data_testing.h"
#include "data/npy_array.h"

namespace hillock {
namespace {

// What NumPy 2.4's numpy.save writes for numpy.array([[1, 2, 0], [3, 4.5, 1], [5, 6, 0]], dtype="<f4").
std::string numpy_bytes() {
  std::string bytes("\x93NUMPY\x01\x00\x76\x00", 10);
  bytes += "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }";
  bytes.resize(127, ' ');
  bytes += '\n';
  for (const float value : {1.f, 2.f, 0.f, 3.f, 4.5f, 1.f, 5.f, 6.f, 0.f}) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return bytes;
}

// A version 1 file with the given header and values.
template <class T>
std::string npy(const std::string& header, std::initializer_list<T> values) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  bytes += header;
  for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

std::string dict(const std::string& descr, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
}

TEST(Npy, TheLastColumnIsTheTargetUnlessSaidOtherwise) {
  const TestDirectory directory;
  const std::string path = directory.write("x.npy", numpy_bytes());
  const Dataset set = load_data(path).train;
  EXPECT_EQ(set.name, "x");
  EXPECT_EQ(set.task, Task::classification);
  EXPECT_EQ(set.columns, (std::vector<std::string>{"c1", "c2"}));
  EXPECT_EQ(set.target, "c3");
  EXPECT_EQ(set.classes, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(set.features.at(3), 4.5);
  EXPECT_EQ(set.targets.at(1), 1);
  const Dataset other = load_data(path, {.target = "2", .dtype = DType::f64}).train;
  EXPECT_EQ(other.task, Task::regression);
  EXPECT_EQ(other.targets.at(1), 4.5);
  EXPECT_EQ(other.columns, (std::vector<std::string>{"c1", "c3"}));
  EXPECT_EQ(load_data(path, {.require_target = false}).train.feature_count(), 3);
}

TEST(Npy, LabelsMayStandBeside) {
  const TestDirectory directory;
  const std::string path =
      directory.write("x.npy", npy<std::uint8_t>(dict("|u1", "(2, 2, 2)"), {1, 2, 3, 4, 5, 6, 7, 255}));
  directory.write("x-labels.npy", npy<std::int64_t>(dict("<i8", "(2,)"), {7, -1}));
  const Dataset set = load_data(path).train;
  EXPECT_EQ(set.features.type().to_string(), "f32[2, 4]");
  EXPECT_EQ(set.sample_shape, (Shape{2, 2}));
  EXPECT_EQ(set.features.at(7), 255);
  EXPECT_EQ(set.target, "labels");
  EXPECT_EQ(set.classes, (std::vector<std::string>{"-1", "7"}));
  EXPECT_EQ(set.targets.at(0), 1);
  EXPECT_EQ(load_data(path, {.target = "labels"}).train.target, "labels");
  EXPECT_EQ(load_data(path, {.target = "c4"}).train.feature_count(), 3);
  directory.write("x-labels.npy", npy<std::int64_t>(dict("<i8", "(3,)"), {7, -1, 0}));
  EXPECT_EQ(error_of([&] { load_data(path); }),
            directory.path() + "/x-labels.npy: has shape [3], expected one value for each of the 2 rows");
}

TEST(Npy, TargetsBesideFollowTheGeneralRule) {
  const TestDirectory directory;
  const std::string path = directory.write("x.npy", npy<double>(dict("<f8", "(3, 1)"), {1, 2, 3}));
  directory.write("x-targets.npy", npy<float>(dict("<f4", "(3, 1)"), {0.5f, 1.5f, 2.5f}));
  const Dataset set = load_data(path).train;
  EXPECT_EQ(set.task, Task::regression);
  EXPECT_EQ(set.targets.type().to_string(), "f32[3, 1]");
  EXPECT_EQ(set.targets.at(2), 2.5);
}

TEST(Npy, ReadsEveryTypeOfNumber) {
  const auto first = [](const std::string& bytes) { return parse_npy(bytes, "x.npy").at(0); };
  EXPECT_EQ(first(npy<float>(dict("<f4", "(1,)"), {-1.5f})), -1.5);
  EXPECT_EQ(first(npy<double>(dict("<f8", "(1,)"), {-1.5})), -1.5);
  EXPECT_EQ(first(npy<std::int8_t>(dict("|i1", "(1,)"), {-3})), -3);
  EXPECT_EQ(first(npy<std::int16_t>(dict("<i2", "(1,)"), {-3000})), -3000);
  EXPECT_EQ(first(npy<std::int32_t>(dict("<i4", "(1,)"), {-300000})), -300000);
  EXPECT_EQ(first(npy<std::int64_t>(dict("<i8", "(1,)"), {-3000000000})), -3e9);
  EXPECT_EQ(first(npy<std::uint8_t>(dict("|u1", "(1,)"), {200})), 200);
  EXPECT_EQ(first(npy<std::uint8_t>(dict("|b1", "(1,)"), {1})), 1);
  EXPECT_EQ(first(npy<std::uint16_t>(dict("<u2", "(1,)"), {60000})), 60000);
  EXPECT_EQ(first(npy<std::uint32_t>(dict("<u4", "(1,)"), {4000000000u})), 4e9);
  EXPECT_EQ(first(npy<std::uint64_t>(dict("<u8", "(1,)"), {10000000000u})), 1e10);
}

TEST(Npy, ReadsVersionsTwoAndThree) {
  for (const char version : {'\x02', '\x03'}) {
    const std::string header = dict("<f4", "(3, 3)");
    std::string bytes = "\x93NUMPY";
    bytes += version;
    bytes += '\0';
    bytes += static_cast<char>(header.size());
    bytes += std::string(3, '\0') + header + numpy_bytes().substr(128);
    EXPECT_EQ(parse_npy(bytes, "x.npy").at(4), 4.5);
  }
}

TEST(Npy, RefusesHostileHeaders) {
  const auto refusal = [](const std::string& bytes) { return error_of([&] { parse_npy(bytes, "x.npy"); }); };
  const std::string plain = "x.npy: the .npy header is not a plain array's (at ";
  const std::string remedy = "); save it with numpy.save as one array of numbers";
  EXPECT_EQ(refusal("\x93NUMPY"), "x.npy: is not a whole .npy file (6 bytes); save it again");
  EXPECT_EQ(refusal(std::string("\x93NUMPY\x09\x00\x01\x00\x00\x00{", 13)),
            "x.npy: .npy version 9 is unknown; versions 1 to 3 are read");
  EXPECT_EQ(refusal(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{}", 14)),
            "x.npy: the .npy header claims 4294967295 bytes, but 2 follow; save the file again");
  EXPECT_EQ(refusal(npy<float>("{'descr': [('a', '<f4')], }", {1})), plain + "\"[('a', '<f4')], }\"" + remedy);
  EXPECT_EQ(refusal(npy<float>("{'descr': '<f4', 'descr': '<f4'}", {1})), plain + "\" '<f4'}\"" + remedy);
  EXPECT_EQ(refusal(npy<float>("{'descr': '<f4'}", {1})), plain + "\"\"" + remedy);
  EXPECT_EQ(refusal(npy<float>(dict("<f4", "(-1,)"), {1})), plain + "\"-1,), }\"" + remedy);
  EXPECT_EQ(refusal(npy<float>(dict("<f4", "(99999999999999999999,)"), {1})),
            plain + "\"99999999999999999999\"" + remedy);
  EXPECT_EQ(refusal(npy<float>(dict("<f4", "(1,1,1,1,1,1,1,1,1)"), {1})), plain + "\"1), }\"" + remedy);
  EXPECT_EQ(refusal(npy<float>(dict(">f4", "(1,)"), {1})),
            "x.npy: element type \">f4\" is big endian; convert it with numpy.astype(\"<f4\")");
  EXPECT_EQ(refusal(npy<float>(dict("|O", "(1,)"), {1})),
            "x.npy: element type \"|O\" is no type of numbers read here; convert it with numpy.astype(\"<f4\")");
  EXPECT_EQ(refusal(npy<float>("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", {1})),
            "x.npy: the array is in Fortran order; save numpy.ascontiguousarray of it");
  EXPECT_EQ(refusal(npy<float>(dict("<f4", "(2,)"), {1})),
            "x.npy: holds 4 bytes of values, which is not what shape (2) of <f4 needs; save the file again");
  EXPECT_EQ(refusal(npy<float>(dict("<f4", "(4294967296, 4294967296, 4)"), {1})),
            "x.npy: holds 4 bytes of values, which is not what shape (4294967296, 4294967296, 4) of <f4 needs; save "
            "the file again");
  const TestDirectory directory;
  const std::string empty = directory.write("e.npy", npy<float>(dict("<f4", "(9223372036854775807, 0, 9)"), {}));
  EXPECT_EQ(error_of([&] { load_data(empty); }),
            empty + ": has shape [9223372036854775807, 0, 9], which holds no rows; save an array [rows, columns]");
}

TEST(Npy, RefusesValuesThatAreNotFinite) {
  const TestDirectory directory;
  const std::string path =
      directory.write("x.npy", npy<double>(dict("<f8", "(2, 2)"), {1, 0, std::numeric_limits<double>::quiet_NaN(), 1}));
  EXPECT_EQ(error_of([&] { load_data(path); }),
            path + ": row 2, column 1 holds nan, which is not a finite f32; replace it or remove the row");
}

// Searching all columns for each of a model's columns would take minutes, beyond the suite's time limit.
TEST(Npy, ManyColumnsAreMatchedInNoTime) {
  constexpr int kColumns = 300'000;
  ReadOptions model{.require_target = false};
  for (int i = 0; i < kColumns; ++i) model.expected_columns.push_back(fmt::format("c{}", i + 1));
  std::string bytes = npy<std::uint8_t>(dict("|u1", "(1, 300000)"), {});
  bytes += std::string(kColumns - 1, '\x01') + '\x07';
  const TestDirectory directory;
  const Dataset set = load_data(directory.write("wide.npy", bytes), model).train;
  ASSERT_EQ(set.feature_count(), kColumns);
  EXPECT_EQ(set.features.at(kColumns - 1), 7);
}

TEST(Npy, TruncatedFilesAreRefused) {
  const std::string whole = numpy_bytes();
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    EXPECT_NE(error_of([&] { parse_npy(whole.substr(0, bytes), "x.npy"); }), "") << bytes;
  }
}

}  // namespace
}  // namespace hillock
