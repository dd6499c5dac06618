// Reading .npy files. The first fixture is what numpy.save writes, byte for byte; the others vary its layout.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <tuple>

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

// A version 1 file of the bytes as they stand.
std::string raw_npy(const std::string& descr, const std::string& shape, const std::string& bytes,
                    bool fortran_order = false) {
  return npy<char>("{'descr': '" + descr + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                       ", 'shape': " + shape + ", }",
                   {}) +
         bytes;
}

std::vector<double> all(const Tensor& tensor) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) values.push_back(tensor.at(i));
  return values;
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
  for (const char* type :
       {"<f3", "<M8[ns]", "<c8", "<f16", "?f4", "f4", "", "<", "|S", "|S0", "|S-1", "|S1x", "<U9999999999"}) {
    EXPECT_EQ(refusal(npy<float>(dict(type, "(1,)"), {1})),
              std::string("x.npy: element type \"") + type +
                  "\" is no type of numbers read here; convert it with numpy.astype(\"<f4\")");
  }
  EXPECT_EQ(refusal(npy<float>(dict("|O", "(1,)"), {1})),
            "x.npy: element type \"|O\" is no type of numbers read here; convert it with numpy.astype(\"<f4\")");
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

TEST(Npy, ReadsBigEndianNumbers) {
  const auto first = [](const std::string& descr, const std::string& bytes) {
    return parse_npy(raw_npy(descr, "(1,)", bytes), "x.npy").at(0);
  };
  EXPECT_EQ(first(">f2", std::string("\xC0\x00", 2)), -2);
  EXPECT_EQ(first(">f4", std::string("\xBF\xC0\x00\x00", 4)), -1.5);
  EXPECT_EQ(first(">f8", std::string("\x40\x09\x21\xFB\x54\x44\x2D\x18", 8)), 3.141592653589793);
  EXPECT_EQ(first(">i2", "\xFF\xFE"), -2);
  EXPECT_EQ(first(">i4", std::string("\x00\x01\x00\x02", 4)), 65538);
  EXPECT_EQ(first(">i8", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFD"), -3);
  EXPECT_EQ(first(">u2", std::string("\xFF\x00", 2)), 65280);
  EXPECT_EQ(first(">u4", std::string("\xFF\x00\x00\x00", 4)), 4278190080);
  EXPECT_EQ(first(">u8", std::string("\x00\x00\x00\x02\x00\x00\x00\x00", 8)), 0x1p33);
}

// The values of binary16 by their definition: sign, 5 bits of exponent with a bias of 15, 10 bits of fraction.
TEST(Npy, ReadsEveryHalf) {
  std::string bytes;
  for (int bits = 0; bits < 65536; ++bits) bytes += {static_cast<char>(bits & 255), static_cast<char>(bits >> 8)};
  const std::string file = raw_npy("<f2", "(65536,)", bytes);
  const NpyArray array = parse_npy(file, "x.npy");
  for (int bits = 0; bits < 65536; ++bits) {
    const double sign = bits < 32768 ? 1 : -1;
    const int exponent = bits / 1024 % 32, fraction = bits % 1024;
    const double value = array.at(bits);
    if (exponent == 31) {
      ASSERT_TRUE(fraction == 0 ? value == sign * HUGE_VAL : std::isnan(value)) << bits;
      continue;
    }
    const double expected =
        exponent == 0 ? fraction / 1024.0 * std::pow(2.0, -14) : (1 + fraction / 1024.0) * std::pow(2.0, exponent - 15);
    ASSERT_EQ(value, sign * expected) << bits;
    ASSERT_EQ(std::signbit(value), sign < 0) << bits;
  }
}

TEST(Npy, FortranOrderGivesTheSameRows) {
  const TestDirectory directory;
  // [[1, 2, 3], [4, 5, 6]], column by column
  const std::string table =
      directory.write("f.npy", raw_npy("|u1", "(2, 3)", std::string("\x01\x04\x02\x05\x03\x06", 6), true));
  EXPECT_EQ(all(load_data(table, {.require_target = false}).train.features), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  const Dataset set = load_data(table, {.target = "c2", .task = Task::regression}).train;
  EXPECT_EQ(all(set.features), (std::vector<double>{1, 3, 4, 6}));
  EXPECT_EQ(all(set.targets), (std::vector<double>{2, 5}));
  // a[i][j][k] = 100 i + 10 j + k of shape [2, 3, 4]: i varies fastest
  std::string bytes;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) bytes += static_cast<char>(100 * i + 10 * j + k);
    }
  }
  const std::string images = directory.write("i.npy", raw_npy("|u1", "(2, 3, 4)", bytes, true));
  const Dataset three = load_data(images, {.require_target = false}).train;
  EXPECT_EQ(three.sample_shape, (Shape{3, 4}));
  for (std::int64_t i = 0; i < 2; ++i) {
    for (std::int64_t column = 0; column < 12; ++column)
      EXPECT_EQ(three.features.at(i * 12 + column), static_cast<double>(100 * i + 10 * (column / 4) + column % 4));
  }
}

TEST(Npy, NanIsAMissingCellAndInfinityIsRefused) {
  const TestDirectory directory;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string path =
      directory.write("x.npy", npy<double>(dict("<f8", "(3, 3)"), {1, 2, 0, nan, nan, 1, 3, nan, 0}));
  const LoadedData data = load_data(path);
  EXPECT_TRUE(std::isnan(data.train.features.at(2)));
  EXPECT_EQ(data.train.features.at(4), 3);
  EXPECT_EQ(data.notes, std::vector<std::string>{path + ": 3 missing cells in 2 columns (c1 1, c2 2)"});
  EXPECT_EQ(error_of([&] { load_data(path, {.missing = Missing::refuse}); }),
            path + ": column \"c1\" has a missing cell (NaN, first: row 2); fill it in or remove the row");
  const std::string images =
      directory.write("i.npy", npy<double>(dict("<f8", "(2, 2, 2)"), {1, 2, nan, 0, nan, 1, 3, 0}));
  EXPECT_EQ(load_data(images, {.require_target = false}).train.sample_shape, Shape{4})
      << "images have no missing pixels";
  const std::string infinite =
      directory.write("y.npy", npy<double>(dict("<f8", "(2, 2)"), {1, 0, std::numeric_limits<double>::infinity(), 1}));
  EXPECT_EQ(error_of([&] { load_data(infinite); }),
            infinite + ": row 2, column 1 holds inf, which is not a finite f32; replace it or remove the row");
}

TEST(Npy, RowsWithoutATargetAreLeftOut) {
  const TestDirectory directory;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string path = directory.write("x.npy", npy<float>(dict("<f4", "(4, 1)"), {1, 2, nan, 4}));
  directory.write("x-targets.npy", npy<float>(dict("<f4", "(4,)"), {0.5f, nan, 2.5f, 3.5f}));
  const Dataset set = load_data(path).train;
  EXPECT_EQ(all(set.targets), (std::vector<double>{0.5, 2.5, 3.5}));
  EXPECT_EQ(set.features.at(0), 1);
  EXPECT_TRUE(std::isnan(set.features.at(1)));
  EXPECT_EQ(set.features.at(2), 4);
}

TEST(Npy, RowsWithMissingCellsCanBeDropped) {
  const TestDirectory directory;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string path = directory.write("x.npy", npy<double>(dict("<f8", "(3, 2)"), {1, 5, nan, 6, 3, 7}));
  const LoadedData data = load_data(path, {.task = Task::regression, .missing = Missing::drop_rows});
  EXPECT_EQ(all(data.train.features), (std::vector<double>{1, 3}));
  EXPECT_EQ(all(data.train.targets), (std::vector<double>{5, 7}));
  EXPECT_EQ(data.notes, std::vector<std::string>{path + ": 1 row with missing cells left out"});
}

TEST(Npy, TextsAreLabels) {
  const TestDirectory directory;
  const std::string path = directory.write("x.npy", npy<float>(dict("<f4", "(3, 1)"), {1, 2, 3}));
  const auto classes = [&](const std::string& labels) {
    directory.write("x-labels.npy", labels);
    const Dataset set = load_data(path).train;
    EXPECT_EQ(all(set.targets), (std::vector<double>{1, 0, 1}));
    return set.classes;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(classes(raw_npy("|S3", "(3,)", std::string("dogcat\0dog", 10).erase(6, 1))), (Texts{"cat", "dog"}));
  EXPECT_EQ(classes(raw_npy("|S4", "(3, 1)", std::string("dog\0cat\0dog\0", 12))), (Texts{"cat", "dog"}));
  // "é" and "字", two characters of four bytes each, padded with zeros
  const std::string e("\xE9\0\0\0\0\0\0\0", 8), ji("W[\0\0\0\0\0\0", 8);
  EXPECT_EQ(classes(raw_npy("<U2", "(3,)", ji + e + ji)), (Texts{"\u00e9", "\u5b57"}));
  const std::string big_e("\0\0\0\xE9", 4), big_emoji("\0\1\xF6\0", 4);
  EXPECT_EQ(classes(raw_npy(">U1", "(3,)", big_emoji + big_e + big_emoji)), (Texts{"\u00e9", "\U0001F600"}));
  directory.write("x-labels.npy", raw_npy("<U1", "(3,)", std::string("\0\0\x24\0a\0\0\0b\0\0\0", 12)));
  EXPECT_NE(error_of([&] { load_data(path); }).find("which is not UTF-8; save the labels with numpy.astype(str)"),
            std::string::npos);
  const std::string texts = directory.write("t.npy", raw_npy("|S1", "(2, 2)", "abcd"));
  EXPECT_EQ(error_of([&] { load_data(texts); }),
            texts + ": holds texts, and features are numbers; save the table as CSV, which may hold both");
}

TEST(Npy, LabelsBeyondF64StayApart) {
  const TestDirectory directory;
  const std::string path = directory.write("x.npy", npy<float>(dict("<f4", "(3, 1)"), {1, 2, 3}));
  directory.write("x-labels.npy",
                  npy<std::int64_t>(dict("<i8", "(3,)"), {9007199254740993, 9007199254740992, 9007199254740993}));
  const Dataset set = load_data(path).train;
  EXPECT_EQ(set.classes, (std::vector<std::string>{"9007199254740992", "9007199254740993"}));
  EXPECT_EQ(all(set.targets), (std::vector<double>{1, 0, 1}));
}

TEST(Npy, OneHotTargetsAreClasses) {
  const TestDirectory directory;
  const std::string path = directory.write("x.npy", npy<float>(dict("<f4", "(3, 1)"), {1, 2, 3}));
  const std::string targets = directory.path() + "/x-targets.npy";
  const std::string note = targets +
                           ": each row has a single 1 in 3 columns (one-hot), so the target is the number of its "
                           "column, from 0, as a class; pass --task regression for 3 targets";
  directory.write("x-targets.npy", npy<float>(dict("<f4", "(3, 3)"), {0, 0, 1, 1, 0, 0, 0, 1, 0}));
  const LoadedData data = load_data(path);
  EXPECT_EQ(data.train.task, Task::classification);
  EXPECT_EQ(data.train.target, "targets");
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(all(data.train.targets), (std::vector<double>{2, 0, 1}));
  EXPECT_EQ(data.notes, std::vector<std::string>{note});
  // column by column
  directory.write("x-targets.npy", raw_npy("|b1", "(3, 2)", std::string("\0\1\1\1\0\0", 6), true));
  EXPECT_EQ(all(load_data(path, {.task = Task::classification}).train.targets), (std::vector<double>{1, 0, 0}));
  // for a model
  const ReadOptions model{
      .target = "targets", .task = Task::classification, .expected_columns = {"c1"}, .expected_classes = {"0", "1"}};
  EXPECT_EQ(all(load_data(path, model).train.targets), (std::vector<double>{1, 0, 0}));
  // numbers stay numbers
  const Dataset two = load_data(path, {.task = Task::regression}).train;
  EXPECT_EQ(two.target_names, (std::vector<std::string>{"targets1", "targets2"}));
  EXPECT_EQ(all(two.targets), (std::vector<double>{0, 1, 1, 0, 1, 0}));
  directory.write("x-targets.npy", npy<float>(dict("<f4", "(3, 2)"), {0, 1, 2, 0.5f, 0.25f, 0.75f}));
  EXPECT_EQ(load_data(path).train.target_names, (std::vector<std::string>{"targets1", "targets2"}));
}

TEST(Npy, RowsForAModelAreNeverCut) {
  const TestDirectory directory;
  const auto rows = [&](const std::string& shape, std::size_t bytes) {
    const std::string path = directory.write("x.npy", raw_npy("|u1", shape, std::string(bytes, '\1')));
    const ReadOptions model{.target = "label",
                            .task = Task::regression,
                            .require_target = false,
                            .expected_columns = {"c1", "c2", "c3", "c4"}};
    std::string error = error_of([&] { EXPECT_EQ(load_data(path, model).train.feature_count(), 4); });
    return error.empty() ? error : error.substr(path.size());
  };
  EXPECT_EQ(rows("(2, 4)", 8), "");
  EXPECT_EQ(rows("(2, 2, 2)", 8), "");
  EXPECT_EQ(rows("(2, 5)", 10), "") << "and the target";
  const std::string remedy = ", and the model takes 4; give rows like those it was trained on";
  EXPECT_EQ(rows("(2, 3, 3)", 18), ": has 9 columns in rows of [3, 3]" + remedy);
  EXPECT_EQ(rows("(2, 6)", 12), ": has 6 columns in rows of [6]" + remedy);
  EXPECT_EQ(rows("(2, 3)", 6), ": has 3 columns in rows of [3]" + remedy);
  EXPECT_EQ(rows("(2,)", 2), ": has 1 column in rows of []" + remedy);
}

TEST(Npy, AModelReadsTheRowsItWasTrainedOn) {
  const TestDirectory directory;
  const std::string path = directory.write("x.npy", npy<float>(dict("<f4", "(1, 4)"), {1, 2, 3, 4}));
  for (const auto& [target, dropped, columns] :
       {std::tuple<const char*, const char*, std::vector<std::string>>{"c4", "c2", {"c1", "c3"}},
        {"c1", "c3", {"c2", "c4"}},
        {"c2", "c1", {"c3", "c4"}}}) {
    const ReadOptions model{.target = target, .task = Task::regression, .expected_columns = columns};
    const Dataset set = load_data(path, model).train;
    EXPECT_EQ(set.targets.at(0), static_cast<double>(target[1] - '0'));
    EXPECT_EQ(set.features.at(0), static_cast<double>(columns[0][1] - '0')) << "dropped: " << dropped;
  }
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
