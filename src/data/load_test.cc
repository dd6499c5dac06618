#include <zlib.h>

#include <cstdlib>

#include "data/data_testing.h"

namespace hillock {
namespace {

TEST(Load, ReadsPlainAndGzippedTables) {
  const TestDirectory directory;
  const std::string text = "x,t\n1,a\n2,b\n";
  const std::string path = directory.path() + "/some.table.csv.gz";
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  const Dataset zipped = load_data(path, {.target = "t"}).train;
  const Dataset plain = load_data(directory.write("some.table.csv", text), {.target = "t"}).train;
  EXPECT_EQ(zipped.name, "some.table");
  EXPECT_EQ(plain.name, "some.table");
  EXPECT_EQ(zipped.features.at(1), 2);
  EXPECT_EQ(plain.features.at(1), 2);
}

TEST(Load, AFileWinsOverABuiltInSet) {
  const TestDirectory directory;
  directory.write("iris", "x,t\n1,a\n2,b\n");
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  const std::int64_t rows = load_data("iris", {.target = "t"}).train.rows();
  std::filesystem::current_path(before);
  EXPECT_EQ(rows, 2);
}

TEST(Load, RefusesWhatIsNotThere) {
  const TestDirectory directory;
  const std::string& root = directory.path();
  EXPECT_EQ(error_of([&] { load_data(root + "/no.csv", {.target = "t"}); }),
            root + "/no.csv: cannot be opened (No such file or directory); check the path");
  EXPECT_EQ(error_of([&] { load_data(directory.write("e.csv", ""), {.target = "t"}); }),
            root + "/e.csv: is empty; give a file with a row for each example");
  EXPECT_EQ(error_of([&] { load_data(directory.write("a.npz", "PK\x03\x04rest"), {.target = "t"}); }),
            root + "/a.npz: the zip archive is truncated or damaged (8 bytes); save it again");
  EXPECT_EQ(error_of([&] { load_data(root); }), root +
                                                    ": is a directory without train-images-idx3-ubyte or "
                                                    "train-images-idx3-ubyte.gz; name a file, or a directory of "
                                                    "IDX files");
  EXPECT_EQ(error_of([&] { load_data("iris", {.dtype = DType::i32}); }),
            "iris: features cannot be i32; choose f32 or f64");
}

// Real tables with line ends and layouts of their own, compared with figures from NumPy.
TEST(Load, ReadsRealTables) {
  const char* root = std::getenv("HILLOCK_DATA_DIR");
  if (root == nullptr) GTEST_SKIP() << "HILLOCK_DATA_DIR is not set";
  const std::string data = std::string(root) + "/";
  const Dataset credit = load_data(data + "credit-default/UCI_Credit_Card.csv.gz", {.target = "last"}).train;
  EXPECT_EQ(credit.features.type().to_string(),
            "f32[30000, 23]");  // without ID, which numbers the rows; the file's lines end in CR alone
  std::int64_t defaults = 0;
  for (const std::int32_t label : credit.targets.values<std::int32_t>()) defaults += label;
  EXPECT_EQ(defaults, 6636);
  const Dataset power = load_data(data + "ccpp/ccpp.csv", {.target = "EP", .dtype = DType::f64}).train;
  EXPECT_EQ(power.features.type().to_string(), "f64[9568, 4]");
  double sum = 0;
  for (const double value : power.targets.values<double>()) sum += value;
  EXPECT_NEAR(sum / 9568, 454.36500940635455, 1e-9);
  const Dataset houses = load_data(data + "california-housing/housing.csv.gz", {.target = "median_house_value"}).train;
  EXPECT_EQ(houses.categories.back(),
            (std::vector<std::string>{"<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN"}));
  const LoadedData heart = load_data(data + "heart-disease/processed.cleveland.data", {.target = "last"});
  EXPECT_EQ(heart.train.features.type().to_string(), "f32[303, 13]");
  EXPECT_EQ(heart.notes.back(),
            data + "heart-disease/processed.cleveland.data: 6 missing cells in 2 columns (c12 4, c13 2)");
  const LoadedData census = load_data(data + "adult/adult.data.gz", {.target = "last"});
  EXPECT_EQ(census.train.categories[13].size(), 41u);  // countries
  EXPECT_EQ(census.train.classes, (std::vector<std::string>{"<=50K", ">50K"}));
}

}  // namespace
}  // namespace hillock
