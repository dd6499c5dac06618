// The record of how a model was made.
#include "table/origin.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error_testing.h"
#include "hillock/table.h"
#include "hillock/version.h"
#include "tests/program.h"

namespace hillock {
namespace {

using Json = nlohmann::ordered_json;

// SOURCE_DATE_EPOCH while it lives.
class SourceDate {
 public:
  explicit SourceDate(const char* seconds) { setenv("SOURCE_DATE_EPOCH", seconds, 1); }
  ~SourceDate() { unsetenv("SOURCE_DATE_EPOCH"); }
};

TEST(Origin, DateIsThatOfTheEnvironmentOrNow) {
  {
    const SourceDate date("951827696");
    EXPECT_EQ(date_of_making(), "2000-02-29T12:34:56Z");
  }
  const std::string now = date_of_making();
  EXPECT_EQ(now.size(), 20u);
  EXPECT_GT(now, "2026");
}

TEST(Origin, RefusesADateThatIsNone) {
  for (const char* text : {"yesterday", "-1", "12.5", "999999999999999999999"}) {
    const SourceDate date(text);
    EXPECT_EQ(error_of([] { (void)date_of_making(); }),
              "SOURCE_DATE_EPOCH: \"" + std::string(text) +
                  "\" is not a number of seconds since 1970; give one, or unset it");
  }
}

std::string table_of(int rows) {
  std::string text = "name,x,y,site,weight,answer\n";
  for (int row = 0; row < rows; ++row) {
    text += "n" + std::to_string(row) + "," + std::to_string(row % 7) + "," +
            (row % 10 == 3 ? "" : std::to_string(row * 5 % 11)) + ",s" + std::to_string(row / 10) + ",1," +
            (row % 3 == 0 ? "no" : "yes") + "\n";
  }
  return text;
}

TEST(Origin, RefusesADateThatIsNoneBeforeTraining) {
  const SourceDate date("soon");
  const std::string message = error_of([] { (void)TableJob("iris", TableOptions{.epochs = 1}); });
  EXPECT_TRUE(message.starts_with("SOURCE_DATE_EPOCH")) << message;
}

TEST(Origin, RecordTellsOfDataSplitAndColumns) {
  const testing::TemporaryDirectory directory;
  const std::string text = table_of(80), path = directory.write("t.csv", text);
  const SourceDate date("0");
  const TableResult result = train_table(path, {.target = "answer",
                                                .drop = {"weight"},
                                                .group = "site",
                                                .test = 0.25,
                                                .epochs = 1,
                                                .command = "hillock train t.csv"});
  const Json record = Json::parse(result.model.training);
  EXPECT_EQ(record["made"].dump(), "{\"version\":\"" + std::string(version()) +
                                       "\",\"date\":\"1970-01-01T00:00:00Z\",\"command\":\"hillock train t.csv\"}");
  EXPECT_EQ(record["data"]["rows"], 80);
  EXPECT_EQ(record["data"]["columns"], 2);
  EXPECT_EQ(record["data"]["bytes"], text.size());
  EXPECT_EQ(record["data"]["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(record["data"]["drop"].dump(), "[\"weight\"]");
  EXPECT_EQ(record["split"].dump(), R"({"validation":"0.15","test":"0.25","group":"site"})");
  ASSERT_EQ(record["rows"]["train"], 50) << "five sites, one missing cell in each";
  EXPECT_EQ(record["columns"].dump(), R"([{"name":"name","role":"left out","reason":"has another text in every row"},)"
                                      R"({"name":"x","role":"feature","kind":"number","missing":0,"range":[0.0,6.0]},)"
                                      R"({"name":"y","role":"feature","kind":"number","missing":5,"range":[0.0,10.0]},)"
                                      R"({"name":"site","role":"group"},)"
                                      R"({"name":"weight","role":"left out","reason":"is named by --drop"},)"
                                      R"({"name":"answer","role":"target"}])");
}

TEST(Origin, OfRowsInMemoryHasNoFile) {
  const TableResult result = train_table(load_builtin("iris"), {.epochs = 1});
  const Json record = Json::parse(result.model.training);
  EXPECT_EQ(record["data"].dump(), R"({"rows":150,"columns":4})");
  EXPECT_FALSE(record["made"].contains("command"));
}

TEST(Origin, FingerprintIsOfTheContentWhateverItIsPackedIn) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.write("t.csv", "abc,y\n1,2\n3,4\n");
  const LoadedData data = load_data(path, {.target = "y", .fingerprint = true});
  ASSERT_TRUE(data.fingerprint.has_value());
  EXPECT_EQ(data.fingerprint->bytes, 14);
  EXPECT_EQ(data.fingerprint->sha256, "c07b7a0c0387d6dcbff52bf0395ac66c32e3595e87921d005fb736636327aca8");
  EXPECT_FALSE(load_data(path, {.target = "y"}).fingerprint.has_value());
  ASSERT_EQ(std::system(("gzip -c " + path + " > " + directory.file("t.csv.gz")).c_str()), 0);
  const LoadedData packed = load_data(directory.file("t.csv.gz"), {.target = "y", .fingerprint = true});
  ASSERT_TRUE(packed.fingerprint.has_value());
  EXPECT_EQ(packed.fingerprint->sha256, data.fingerprint->sha256);
}

}  // namespace
}  // namespace hillock
