// Reading .npz files. NumPy wrote the archives (scripts/make_npz_seeds.py says what they hold); some tests change bytes
// in them.
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "data/data_testing.h"
#include "data/npz_testing.h"
#include "data/zip.h"
#include "tests/paths.h"

namespace hillock {
namespace {

std::string numpy_file(const std::string& name) {
  return (source_directory() / ("tests/fuzz/seeds/npy/numpy_" + name)).string();
}

std::string numpy_bytes(const std::string& name) {
  std::ifstream file(numpy_file(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// `bytes` with `other` written over the bytes at `at`.
std::string with(std::string bytes, std::size_t at, std::string_view other) {
  return bytes.replace(at, other.size(), other);
}

std::vector<double> all(const Tensor& tensor) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) values.push_back(tensor.at(i));
  return values;
}

const std::vector<double> kX = {1, 2, 0.5, 3, 4.5, -1, 5, 6, 1e3, -7, 8.25, 0};

TEST(Npz, ReadsXAndY) {
  for (const char* name : {"savez.npz", "zip64.npz", "streamed.npz"}) {
    const LoadedData data = load_data(numpy_file(name), {.task = Task::classification});
    EXPECT_EQ(all(data.train.features), kX) << name;
    EXPECT_EQ(all(data.train.targets), (std::vector<double>{0, 2, 1, 0})) << name;
    EXPECT_EQ(data.train.classes, (std::vector<std::string>{"0", "1", "2"}));
    EXPECT_EQ(data.train.columns, (std::vector<std::string>{"c1", "c2", "c3"}));
    EXPECT_EQ(data.train.target, std::string_view(name) == "streamed.npz" ? "Y" : "y");
    EXPECT_FALSE(data.test);
  }
  EXPECT_EQ(load_data(numpy_file("savez.npz")).train.name, "numpy_savez");
  EXPECT_EQ(load_data(numpy_file("savez.npz")).train.task, Task::regression);
}

TEST(Npz, ReadsCompressedArraysAndTakesLabelsAsClasses) {
  const Dataset set = load_data(numpy_file("savez_compressed.npz"), {.dtype = DType::f64}).train;
  EXPECT_EQ(set.features.type().to_string(), "f64[80, 3]");
  EXPECT_EQ(set.features.at(240 - 3), -7);  // the first value of the last row
  EXPECT_EQ(set.task, Task::classification);
  EXPECT_EQ(set.target, "labels");
}

TEST(Npz, ASingleArrayHoldsItsTarget) {
  const std::string path = numpy_file("single.npz");
  const Dataset set = load_data(path).train;
  EXPECT_EQ(set.target, "c3");
  EXPECT_EQ(all(set.targets), (std::vector<double>{0.5, -1, 1e3, 0}));
  EXPECT_EQ(load_data(path, {.target = "1"}).train.target, "c1");
  EXPECT_EQ(load_data(path, {.require_target = false}).train.feature_count(), 3);
}

TEST(Npz, TrainingAndTestMayComeTogether) {
  const LoadedData data = load_data(numpy_file("train_test.npz"), {.task = Task::classification});
  EXPECT_EQ(data.train.features.type().to_string(), "f32[3, 8]");
  EXPECT_EQ(data.train.sample_shape, (Shape{2, 4}));
  EXPECT_EQ(all(data.train.targets), (std::vector<double>{0, 1, 0}));
  ASSERT_TRUE(data.test);
  EXPECT_EQ(all(data.test->features), std::vector<double>(8, 7));
  EXPECT_EQ(all(data.test->targets), std::vector<double>{1});
  EXPECT_FALSE(load_data(numpy_file("train_test.npz"), {.require_target = false}).test->has_targets());
}

TEST(Npz, TheTargetOptionNamesAnArrayOrAColumn) {
  const Dataset by_column = load_data(numpy_file("savez.npz"), {.target = "c2"}).train;
  EXPECT_EQ(by_column.columns, (std::vector<std::string>{"c1", "c3"}));
  EXPECT_EQ(all(by_column.targets), (std::vector<double>{2, 4.5, 6, 8.25}));
  const std::string others = numpy_file("other_names.npz");
  EXPECT_EQ(error_of([&] { load_data(others); }),
            others +
                ": has 3 arrays, and none called x, features or data; name the one of features x, the one of the "
                "target y (arrays: inputs, wanted, more)");
  // If there are two arrays and one is the target, the other holds the features.
  const TestDirectory directory;
  std::string bytes = numpy_bytes("savez.npz");
  for (std::size_t at = bytes.find("x.npy"); at != std::string::npos; at = bytes.find("x.npy")) bytes[at] = 'q';
  const std::string path = directory.write("q.npz", bytes);
  EXPECT_EQ(all(load_data(path).train.features), kX);
  EXPECT_EQ(load_data(path, {.target = "y"}).train.target, "y");
  EXPECT_EQ(load_data(path, {.target = "q"}).train.target_names, (std::vector<std::string>{"q1", "q2", "q3"}));
}

// The file holds x [4, 3] and y [4, 2], the sum and the product of the first two columns.
TEST(Npz, ATargetArrayOfSeveralColumnsHoldsSeveralTargets) {
  const std::string path = numpy_file("two_targets.npz");
  const Dataset set = load_data(path).train;
  EXPECT_EQ(all(set.features), kX);
  EXPECT_EQ(set.task, Task::regression);
  EXPECT_EQ(set.target_names, (std::vector<std::string>{"y1", "y2"}));
  EXPECT_EQ(set.target, "y1,y2");
  EXPECT_EQ(set.targets.type().to_string(), "f32[4, 2]");
  EXPECT_EQ(all(set.targets), (std::vector<double>{3, 2, 7.5, 13.5, 11, 30, 1.25, -57.75}));
  EXPECT_EQ(load_data(path, {.target = "y"}).train.target_names, set.target_names);
  const LoadedData split = load_data(numpy_file("two_targets_test.npz"));
  EXPECT_EQ(split.train.target_names, (std::vector<std::string>{"y_train1", "y_train2"}));
  ASSERT_TRUE(split.test);
  EXPECT_EQ(split.test->target_names, split.train.target_names) << "its targets are those of training";
  EXPECT_EQ(all(split.test->targets), (std::vector<double>{4, 5, 6, 7}));
  // A model reads by the names of its targets.
  const ReadOptions for_model{.target = set.target,
                              .task = Task::regression,
                              .expected_columns = set.columns,
                              .expected_targets = set.target_names};
  EXPECT_EQ(all(load_data(path, for_model).train.targets), all(set.targets));
  const ReadOptions for_one{.target = "y", .task = Task::regression, .expected_columns = set.columns};
  EXPECT_NE(error_of([&] {
              load_data(path, for_one);
            }).find("has 2 targets, and the model predicts \"y\" alone; give one number a row"),
            std::string::npos);
  EXPECT_EQ(error_of([&] { load_data(path, {.task = Task::classification}); }),
            path +
                ", array \"y\": 2 targets are named, and a classification has one; name one, or leave out --task if "
                "they are numbers");
  ReadOptions three = for_model;
  three.expected_targets = {"y1", "y2", "y3"};
  EXPECT_EQ(error_of([&] { load_data(path, three); }),
            path + ", array \"y\": has 2 targets, and the model predicts 3 (y1, y2, y3); give a number for each");
}

TEST(Npz, SaysWhichArrayIsMissing) {
  const TestDirectory directory;
  std::string bytes = numpy_bytes("savez.npz");
  for (std::size_t at = bytes.find("y.npy"); at != std::string::npos; at = bytes.find("y.npy")) bytes[at] = 'q';
  const std::string path = directory.write("a.npz", bytes);
  EXPECT_EQ(error_of([&] { load_data(path); }),
            path +
                ": has no array called y, labels or targets; pass --target with the array's name (arrays: x, q), or "
                "with a column of \"x\"");
  EXPECT_EQ(all(load_data(path, {.target = "q"}).train.targets), (std::vector<double>{0, 2, 1, 0}));
  for (std::size_t at = bytes.find("q.npy"); at != std::string::npos; at = bytes.find("q.npy")) bytes[at] = 'X';
  const std::string both = directory.write("b.npz", bytes);
  EXPECT_EQ(error_of([&] { load_data(both, {.target = "c3"}); }),
            both + ": both \"x\" and \"X\" may be the features; leave one out (arrays: x, X)");
  EXPECT_EQ(error_of([&] { load_data(numpy_file("empty.npz")); }),
            numpy_file("empty.npz") + ": is a zip archive without arrays; save it again");
}

TEST(Npz, AModelFindsItsTargetByTheArraysNames) {
  ReadOptions model{.target = "species", .task = Task::classification};
  model.expected_columns = {"a", "b", "c"};
  model.expected_classes = {"0", "1", "2"};
  const Dataset set = load_data(numpy_file("savez.npz"), model).train;
  EXPECT_EQ(set.columns, model.expected_columns);
  EXPECT_EQ(all(set.targets), (std::vector<double>{0, 2, 1, 0}));
  model.require_target = false;
  EXPECT_EQ(all(load_data(numpy_file("single.npz"), model).train.features), kX);
}

const std::string kFeatures = array("(3, 1)", {1, 2, 3}), kTarget = array("(3,)", {4, 5, 6});

TEST(Npz, ValidationRowsMayComeToo) {
  const TestDirectory directory;
  for (const char* name : {"val", "valid", "validation", "dev"}) {
    for (const auto& [x, y] : {std::pair("x", "y"), std::pair("X", "y"), std::pair("X", "Y")}) {
      const auto part = [&](const char* array, const char* ending) { return fmt::format("{}_{}", array, ending); };
      const std::string path = directory.write("a.npz", npz({{part(x, "train"), kFeatures},
                                                             {part(y, "train"), kTarget},
                                                             {part(x, name), array("(2, 1)", {7, 8})},
                                                             {part(y, name), array("(2,)", {9, 10})}}));
      const LoadedData data = load_data(path, {.dtype = DType::f64});
      EXPECT_EQ(all(data.train.features), (std::vector<double>{1, 2, 3}));
      EXPECT_EQ(all(data.train.targets), (std::vector<double>{4, 5, 6}));
      EXPECT_EQ(data.train.target, part(y, "train"));
      ASSERT_TRUE(data.validation);
      EXPECT_EQ(all(data.validation->features), (std::vector<double>{7, 8}));
      EXPECT_EQ(all(data.validation->targets), (std::vector<double>{9, 10}));
      EXPECT_EQ(data.validation->name, "a");
      EXPECT_FALSE(data.test);
    }
  }
}

TEST(Npz, TrainingRowsAloneAreAFileOfRows) {
  const TestDirectory directory;
  const std::string path = directory.write("a.npz", npz({{"X_train", kFeatures}, {"y_train", kTarget}}));
  const LoadedData data = load_data(path);
  EXPECT_EQ(all(data.train.features), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(all(data.train.targets), (std::vector<double>{4, 5, 6}));
  EXPECT_FALSE(data.validation || data.test);
  EXPECT_EQ(load_data(path, {.target = "y"}).train.target, "y_train");
  EXPECT_EQ(load_data(path, {.target = "y_train"}).train.target, "y_train");
  EXPECT_EQ(error_of([&] { load_data(path, {.target = "z"}); }),
            path + ": its target is \"y_train\", not \"z\"; leave --target out");
  // Rows without targets cannot be scored.
  const std::string unlabelled =
      directory.write("b.npz", npz({{"x_train", kFeatures}, {"y_train", kTarget}, {"x_test", array("(1, 1)", {7})}}));
  const LoadedData kept = load_data(unlabelled);
  EXPECT_FALSE(kept.test);
  EXPECT_EQ(kept.notes,
            std::vector<std::string>{unlabelled + ": \"x_test\" is not used, because there is no array y_test"});
  const std::string two = directory.write("c.npz", npz({{"x_train", kFeatures},
                                                        {"y_train", kTarget},
                                                        {"x_val", kFeatures},
                                                        {"y_val", kTarget},
                                                        {"x_dev", kFeatures},
                                                        {"y_dev", kTarget}}));
  EXPECT_EQ(error_of([&] { load_data(two); }),
            two +
                ": both \"x_val\" and \"x_dev\" may be the validation rows; leave one out (arrays: x_train, y_train, "
                "x_val, y_val, x_dev, y_dev)");
}

TEST(Npz, SplitsAreReadAsTrainingRowsAre) {
  const TestDirectory directory;
  const double nan = std::nan("");
  const std::string path = directory.write("a.npz", npz({{"x_train", array("(2, 1, 2)", {1, 2, 3, 4})},
                                                         {"y_train", array("(2, 3)", {0, 0, 1, 1, 0, 0})},
                                                         {"x_test", array("(1, 1, 2)", {nan, 6})},
                                                         {"y_test", array("(1, 3)", {0, 0, 1})}}));
  const LoadedData data = load_data(path);
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"0", "2"}));
  EXPECT_EQ(all(data.train.targets), (std::vector<double>{1, 0}));
  ASSERT_TRUE(data.test);
  EXPECT_EQ(all(data.test->targets), std::vector<double>{1});
  EXPECT_TRUE(std::isnan(data.test->features.at(0)));
  EXPECT_EQ(data.train.sample_shape, Shape{2}) << "images have no missing pixels";
}

TEST(Npz, RefusesWhatIsNoArchiveOfArrays) {
  const TestDirectory directory;
  const std::string bytes = numpy_bytes("savez.npz");
  std::string sheet = bytes;
  for (std::size_t at = sheet.find("y.npy"); at != std::string::npos; at = sheet.find("y.npy")) {
    sheet.replace(at, 5, "y.xml");
  }
  const std::string path = directory.write("a.xlsx", sheet);
  EXPECT_EQ(error_of([&] { load_data(path); }),
            path +
                ": is a zip archive with the member \"y.xml\", which is no array (a spreadsheet?); save the table as "
                "CSV, or arrays with numpy.savez");
}

// Changes each fact that an archive states about itself.
TEST(Npz, RefusesDamagedArchives) {
  const std::string bytes = numpy_bytes("savez.npz");
  const std::size_t entry = bytes.find("PK\x01\x02"), end = bytes.rfind("PK\x05\x06");
  const auto refusal = [](const std::string& archive) {
    return error_of([&] {
      std::string room;
      for (const ZipMember& member : list_zip_members(archive, "a.npz")) {
        (void)read_zip_member(archive, member, room, "a.npz");
      }
    });
  };
  const auto damaged = [](const std::string& what) {
    return "a.npz: the zip archive is truncated or damaged (" + what + "); save it again";
  };
  EXPECT_EQ(refusal(bytes), "");
  EXPECT_EQ(refusal("PK\x03\x04rest"), damaged("8 bytes"));
  EXPECT_EQ(refusal(bytes.substr(0, end)), damaged("it has no directory"));
  EXPECT_EQ(refusal(with(bytes, end + 4, "\x01")), damaged("it is one of several parts"));
  EXPECT_EQ(refusal(with(bytes, end + 16, "\xff")), damaged("its directory's place"));
  EXPECT_EQ(refusal(with(bytes, end + 8, "\x01")), damaged("it is one of several parts"));
  EXPECT_EQ(refusal(with(bytes, end + 8, std::string("\x03\x00\x03", 3))), damaged("its directory"));
  EXPECT_EQ(refusal(with(bytes, end + 8, std::string("\x01\x00\x01", 3))), damaged("its directory"));
  EXPECT_EQ(refusal(with(bytes, end + 10, "\xff\xff")), damaged("its zip64 record"));
  EXPECT_EQ(refusal(with(bytes, entry, "QK")), damaged("its directory"));
  EXPECT_EQ(refusal(with(bytes, entry + 16, "\x01")), damaged("the content of its member \"x.npy\""));
  EXPECT_EQ(refusal(with(bytes, entry + 20, "\xb1")), damaged("the content of its member \"x.npy\""));
  EXPECT_EQ(refusal(with(bytes, entry + 22, "\x01")), damaged("its member \"x.npy\""));
  EXPECT_EQ(refusal(with(bytes, entry + 42, "\x01")), damaged("its member \"x.npy\""));
  EXPECT_EQ(refusal(with(bytes, entry + 45, "\x01")), damaged("its member \"x.npy\""));
  EXPECT_EQ(refusal(with(bytes, entry + 46, "z")), damaged("its member \"z.npy\""));
  EXPECT_EQ(refusal(with(bytes, 8, "\x08")), damaged("its member \"x.npy\""));
  EXPECT_EQ(refusal(with(bytes, entry + 8, "\x01")),
            "a.npz: its member \"x.npy\" is encrypted; save it without a password");
  EXPECT_EQ(
      refusal(with(bytes, entry + 10, "\x0c")),
      "a.npz: its member \"x.npy\" is compressed by method 12, stored and deflated members are read; save it with "
      "numpy.savez");
  const std::string packed = numpy_bytes("savez_compressed.npz");
  const std::size_t first = packed.find("PK\x01\x02");
  EXPECT_EQ(refusal(packed), "");
  // A few hundred bytes that claim to hold four gigabytes are refused before anything is allocated.
  EXPECT_EQ(refusal(with(packed, first + 24, "\xf0\xff\xff\xff")),
            damaged("the content of its member \"features.npy\""));
  for (std::size_t at = 0; at < 80; ++at) {  // within the first member's deflated bytes
    const std::size_t place = 30 + 12 + 20 + at;
    EXPECT_NE(refusal(with(packed, place, std::string(1, static_cast<char>(packed[place] ^ 0x10)))), "") << at;
  }
}

TEST(Npz, ReadsZip64Records) {
  // The end record refers to the zip64 record for the directory's position, as in an archive larger than 4 GB.
  const std::string bytes = numpy_bytes("zip64.npz");
  const std::string in_64 = with(bytes, bytes.size() - 22 + 12, "\xff\xff\xff\xff\xff\xff\xff\xff");
  const TestDirectory directory;
  EXPECT_EQ(all(load_data(directory.write("a.npz", in_64)).train.features), kX);
  const std::size_t record = bytes.find("PK\x06\x06"), locator = bytes.find("PK\x06\x07");
  for (const std::size_t place :
       {record, record + 32, record + 40, record + 48, record + 55, locator, locator + 8, locator + 15}) {
    const std::string damaged = with(in_64, place, std::string(1, static_cast<char>(in_64[place] ^ 0x40)));
    EXPECT_NE(error_of([&] { list_zip_members(damaged, "a.npz"); }), "") << place;
  }
}

TEST(Npz, TruncatedFilesAreRefused) {
  for (const char* name : {"savez.npz", "zip64.npz", "streamed.npz"}) {
    const std::string whole = numpy_bytes(name);
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
      EXPECT_NE(error_of([&] { list_zip_members(whole.substr(0, bytes), "a.npz"); }), "") << name << ' ' << bytes;
    }
  }
}

}  // namespace
}  // namespace hillock
