#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "data/data_testing.h"
#include "data/sources.h"

namespace hillock {
namespace {

// An IDX file: the magic number and the sizes, four bytes each in big endian, then the values.
std::string idx(std::initializer_list<std::uint32_t> header, const std::string& values) {
  std::string bytes;
  for (const std::uint32_t word : header) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(word >> shift & 0xFF);
  }
  return bytes + values;
}

void write_gzip(const std::string& path, const std::string& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
}

// Writes three images of 1×2 pixels for training and one for test.
void write_images(const TestDirectory& directory) {
  directory.write("train-images-idx3-ubyte", idx({0x803, 3, 1, 2}, std::string("\x00\xff\x33\x01\x80\x02", 6)));
  directory.write("train-labels-idx1-ubyte", idx({0x801, 3}, std::string("\x05\x00\x05", 3)));
  write_gzip(directory.path() + "/t10k-images-idx3-ubyte.gz", idx({0x803, 1, 1, 2}, "\xff\x33"));
  write_gzip(directory.path() + "/t10k-labels-idx1-ubyte.gz", idx({0x801, 1}, "\x05"));
}

TEST(Idx, ReadsADirectoryWithTrainAndTest) {
  const TestDirectory directory;
  write_images(directory);
  const LoadedData data = load_data(directory.path() + "/", {.dtype = DType::f64});
  EXPECT_EQ(data.train.name, "hillock-" + std::to_string(::getpid()) + "-Idx-ReadsADirectoryWithTrainAndTest");
  EXPECT_EQ(data.train.features.type().to_string(), "f64[3, 2]");
  EXPECT_EQ(data.train.features.at(1), 1);
  EXPECT_EQ(data.train.features.at(2), 0.2);
  EXPECT_EQ(data.train.sample_shape, (Shape{1, 2}));
  EXPECT_EQ(data.train.scale, Scale::none);
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"0", "5"}));
  EXPECT_EQ(data.train.target, "label");
  EXPECT_EQ(data.train.targets.at(0), 1);
  ASSERT_TRUE(data.test.has_value());
  EXPECT_EQ(data.test->rows(), 1);
  EXPECT_EQ(data.test->features.at(1), 0.2);
  EXPECT_EQ(data.test->targets.at(0), 1);
  EXPECT_EQ(data.test->targets.type().to_string(), "i32[1] in [0, 2)");
}

// Writes two images of 1×2 pixels and their labels under these names.
void write_named(const std::string& directory, const std::string& images, const std::string& labels) {
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/" + images, std::ios::binary)
      << idx({0x803, 2, 1, 2}, std::string("\x00\xff\x33\x01", 4));
  std::ofstream(directory + "/" + labels, std::ios::binary) << idx({0x801, 2}, std::string("\x05\x00", 2));
}

TEST(Idx, FilesMayHaveTheNamesThatPeopleGiveThem) {
  const std::pair<const char*, const char*> names[] = {
      {"train-images.idx3-ubyte", "train-labels.idx1-ubyte"},
      {"train_images_idx3_ubyte", "train_labels_idx1_ubyte"},
      {"emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte"},
  };
  for (const char* nested : {"/", "/raw", "/MNIST/raw", "/fashion"}) {
    for (const auto& [images, labels] : names) {
      const TestDirectory directory;
      write_named(directory.path() + nested, images, labels);
      const LoadedData data = load_data(directory.path(), {.dtype = DType::f64});
      EXPECT_EQ(data.train.features.at(2), 0.2) << nested << ' ' << images;
      EXPECT_EQ(data.train.classes, (std::vector<std::string>{"0", "5"}));
      EXPECT_FALSE(data.test);
    }
  }
  const TestDirectory directory;
  write_named(directory.path(), "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte");
  write_gzip(directory.path() + "/emnist-letters-test-images-idx3-ubyte.gz", idx({0x803, 1, 1, 2}, "\xff\x33"));
  write_gzip(directory.path() + "/emnist-letters-test-labels-idx1-ubyte.gz", idx({0x801, 1}, "\x05"));
  ASSERT_TRUE(load_data(directory.path()).test);
  EXPECT_EQ(load_data(directory.path()).test->targets.at(0), 1);
  write_named(directory.path(), "emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte");
  EXPECT_EQ(error_of([&] { load_data(directory.path()); }),
            directory.path() +
                ": holds several sets of IDX files (emnist-digits, emnist-letters); give a directory that holds one");
  write_named(directory.path(), "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
  EXPECT_EQ(load_data(directory.path()).train.rows(), 2) << "the names of MNIST win";
}

TEST(Idx, SeveralDirectoriesOfFilesAreNotGuessedFrom) {
  const TestDirectory directory;
  write_named(directory.path() + "/kmnist/raw", "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
  write_named(directory.path() + "/mnist", "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
  EXPECT_EQ(error_of([&] { load_data(directory.path()); }),
            directory.path() + ": has IDX files in several directories; name one of kmnist/raw, mnist");
}

TEST(Idx, ReadsEveryTypeOfNumber) {
  const auto first = [](std::uint32_t type, const std::string& value) {
    return parse_idx(idx({type << 8 | 1, 1}, value), 1, "x").at(0);
  };
  EXPECT_EQ(first(0x08, "\xFE"), 254);
  EXPECT_EQ(first(0x09, "\xFE"), -2);
  EXPECT_EQ(first(0x0B, "\xFF\xFE"), -2);
  EXPECT_EQ(first(0x0C, std::string("\x00\x01\x00\x02", 4)), 65538);
  EXPECT_EQ(first(0x0D, std::string("\xBF\xC0\x00\x00", 4)), -1.5);
  EXPECT_EQ(first(0x0E, std::string("\x40\x09\x21\xFB\x54\x44\x2D\x18", 8)), 3.141592653589793);
  EXPECT_NE(error_of([&] { first(0x0A, "a"); }), "");
}

TEST(Idx, NumbersOtherThanPixelsStayAsTheyAre) {
  const TestDirectory directory;
  directory.write("train-images-idx3-float",
                  idx({0xD03, 2, 1, 2}, std::string("\xBF\xC0\0\0\x3F\x80\0\0\x40\0\0\0\x7F\xC0\0\0", 16)));
  directory.write("train-labels-idx1-int", idx({0xC01, 2}, std::string("\0\0\1\0\xFF\xFF\xFF\xFF", 8)));
  const LoadedData data = load_data(directory.path());
  EXPECT_EQ(data.train.features.at(0), -1.5);
  EXPECT_EQ(data.train.features.at(2), 2);
  EXPECT_TRUE(std::isnan(data.train.features.at(3)));
  EXPECT_EQ(data.notes,
            std::vector<std::string>{directory.path() + "/train-images-idx3-float: 1 missing cell in 1 column (c2 1)"});
  EXPECT_EQ(data.train.target, "label");
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"-1", "256"}));
  EXPECT_EQ(data.train.targets.at(0), 1);
}

TEST(Idx, ImagesMayHaveTwoToFourAxes) {
  const TestDirectory directory;
  const std::string bytes("\x00\xff\x33\x01\x80\x02\x00\x00\x00\x00\x00\xff", 12);
  directory.write("train-images-idx4-ubyte", idx({0x804, 2, 3, 1, 2}, bytes));
  const LoadedData color = load_data(directory.path(), {.dtype = DType::f64, .require_target = false});
  EXPECT_EQ(color.train.sample_shape, (Shape{3, 1, 2}));
  EXPECT_EQ(color.train.features.type().to_string(), "f64[2, 6]");
  EXPECT_EQ(color.train.features.at(2), 0.2);
  EXPECT_EQ(color.train.features.at(11), 1);
  directory.write("train-images-idx4-ubyte", idx({0x802, 3, 4}, bytes));
  EXPECT_EQ(load_data(directory.path(), {.require_target = false}).train.sample_shape, Shape{4});
  const std::string one = directory.write("train-images-idx4-ubyte", idx({0x801, 3}, "abc"));
  EXPECT_EQ(error_of([&] { load_data(directory.path(), {.require_target = false}); }),
            one + ": has one number for each row (IDX, 1 axis), expected images; check whether it holds the labels");
}

TEST(Idx, ImagesForAModelAreNeverCut) {
  const TestDirectory directory;
  const std::string images = directory.write("train-images-idx3-ubyte", idx({0x803, 1, 3, 3}, std::string(9, '\1')));
  const ReadOptions model{.target = "label", .require_target = false, .expected_columns = {"c1", "c2", "c3", "c4"}};
  EXPECT_EQ(
      error_of([&] { load_data(directory.path(), model); }),
      images + ": has 9 columns in rows of [3, 3], and the model takes 4; give rows like those it was trained on");
}

TEST(Idx, LabelsAreNotNeededForPrediction) {
  const TestDirectory directory;
  directory.write("train-images-idx3-ubyte", idx({0x803, 1, 1, 2}, "ab"));
  EXPECT_FALSE(load_data(directory.path(), {.require_target = false}).train.has_targets());
  EXPECT_EQ(error_of([&] { load_data(directory.path()); }),
            directory.path() +
                ": is a directory without train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz; name a file, or a "
                "directory of IDX files");
}

TEST(Idx, RefusesWhatDoesNotFitTogether) {
  const TestDirectory directory;
  write_images(directory);
  const std::string labels = directory.write("train-labels-idx1-ubyte", idx({0x801, 2}, "ab"));
  EXPECT_EQ(error_of([&] { load_data(directory.path()); }),
            labels + ": has 2 labels for 3 images; the two files do not belong together");
  directory.write("train-labels-idx1-ubyte", idx({0x801, 3}, std::string("\x00\x01\x00", 3)));
  EXPECT_EQ(error_of([&] { load_data(directory.path()); }),
            directory.path() +
                "/t10k-labels-idx1-ubyte.gz: target column \"label\" holds \"5\" (row 1), which is none of the "
                "model's classes; these are 0, 1");
  EXPECT_EQ(
      error_of([&] { load_data(labels); }),
      labels + ": is one IDX file; give the directory that holds train-images-idx3-ubyte and train-labels-idx1-ubyte");
}

TEST(Idx, RefusesWrongMagicSizesAndTruncation) {
  const auto refusal = [](const std::string& bytes) { return error_of([&] { parse_idx(bytes, 3, "x"); }); };
  EXPECT_EQ(refusal("abc"), "x: has 3 bytes, too few for an IDX header; fetch the file again");
  EXPECT_EQ(refusal(idx({0x801, 1, 1, 1}, "a")),
            "x: begins with 0x00000801, expected 0x00000803 (IDX, unsigned bytes, 3 axes); check which file it is");
  EXPECT_EQ(refusal(idx({0x803, 2, 2, 2}, "1234567")),
            "x: its header says [2, 2, 2] of values, but 7 bytes follow; fetch the file again");
  EXPECT_EQ(refusal(idx({0x803, 1, 1, 1}, "12")),
            "x: its header says [1, 1, 1] of values, but 2 bytes follow; fetch the file again");
  // The product of these sizes exceeds 64 bits.
  EXPECT_EQ(
      refusal(idx({0x803, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, "")),
      "x: its header says [4294967295, 4294967295, 4294967295] of values, but 0 bytes follow; fetch the file again");
  const TestDirectory directory;
  const std::string images = directory.write("train-images-idx3-ubyte", idx({0x803, 0, 0xFFFFFFFF, 0xFFFFFFFF}, ""));
  EXPECT_EQ(error_of([&] { load_data(directory.path(), {.require_target = false}); }),
            images + ": holds no images; fetch the file again");
}

// The figures are those of the published files: 60000 and 10000 images, 5923 and 980 of them zeros, and the first image
// is a five. 0.1307 is the mean of all training pixels that tutorials use for normalization.
TEST(Idx, ReadsMnist) {
  const char* root = std::getenv("HILLOCK_DATA_DIR");
  if (root == nullptr) GTEST_SKIP() << "HILLOCK_DATA_DIR is not set";
  const LoadedData data = load_data(std::string(root) + "/mnist");
  EXPECT_EQ(data.train.features.type().to_string(), "f32[60000, 784]");
  ASSERT_TRUE(data.test.has_value());
  EXPECT_EQ(data.test->rows(), 10000);
  EXPECT_EQ(data.train.classes.size(), 10u);
  const auto zeros = [](const Dataset& set) {
    std::int64_t count = 0;
    for (const std::int32_t label : set.targets.values<std::int32_t>()) count += label == 0;
    return count;
  };
  EXPECT_EQ(zeros(data.train), 5923);
  EXPECT_EQ(zeros(*data.test), 980);
  EXPECT_EQ(data.train.targets.at(0), 5);
  EXPECT_EQ(data.test->targets.at(0), 7);
  double sum = 0;
  for (const float pixel : data.train.features.values<float>()) sum += static_cast<double>(pixel);
  EXPECT_NEAR(sum / static_cast<double>(data.train.features.elements()), 0.13066, 1e-5);
}

}  // namespace
}  // namespace hillock
