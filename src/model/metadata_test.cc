// Metadata that no version of hillock wrote are refused, and their content is quoted in messages.
#include "model/metadata.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "hillock/error.h"
#include "tests/paths.h"

namespace hillock {
namespace {

using Json = nlohmann::ordered_json;

// A model of a table with numbers and categories, as hillock train wrote it.
Json mixed_metadata() {
  std::ifstream file(source_directory() / "tests/fuzz/seeds/safetensors/categories_huber.metadata");
  file.ignore(1);  // the marker of the fuzz target
  return Json::parse(file);
}

std::string refusal(const std::function<void(Json&)>& change) {
  Json json = mixed_metadata();
  change(json);
  try {
    (void)parse_metadata(json.dump(), "m");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Metadata, HostileNamesStayWithinOneLine) {
  EXPECT_EQ(refusal([](Json&) {}), "");
  const std::string hostile = "\n\x1b[2J" + std::string(100'000, 'x');
  const std::vector<std::function<void(Json&)>> cases{
      [&](Json& json) { json["dtype"] = hostile; },
      [&](Json& json) { json["task"] = hostile; },
      [&](Json& json) { json["network"]["spec"] = hostile; },
      [&](Json& json) { json["network"]["spec"] = "4 re\nlu"; },
      [&](Json& json) { json["network"]["output"] = hostile; },
      [&](Json& json) { json["layout"]["weight"] = hostile; },
      [&](Json& json) { json["loss"]["name"] = hostile; },
      [&](Json& json) { json["preprocessing"]["features"] = hostile; },
      [&](Json& json) { json["preprocessing"]["encoding"]["missing"].push_back(hostile); },
      [&](Json& json) { json["preprocessing"]["encoding"]["categories"][hostile] = {"a"}; },
      [&](Json& json) {
        json["columns"][0] = hostile;
        json["preprocessing"]["encoding"]["missing"] = Json::array();
        json["preprocessing"]["encoding"]["categories"][hostile] = Json::array();
      },
      [&](Json& json) {
        json["columns"][0] = hostile;
        json["preprocessing"]["encoding"]["missing"] = Json::array();
        json["preprocessing"]["encoding"]["categories"][hostile] = {5};
      },
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string message = refusal(cases[i]);
    EXPECT_TRUE(message.starts_with("m: ")) << i;
    EXPECT_LT(message.size(), 1000u) << i;
    EXPECT_TRUE(std::all_of(message.begin(), message.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; }))
        << i << ": " << message.substr(0, 200);
  }
}

TEST(Metadata, ShapesThatNoTensorHasAreRefused) {
  const std::string place = "m: its metadata is damaged: \"layout.sample_shape\": shape: ";
  const std::string axes = refusal([](Json& json) { json["layout"]["sample_shape"] = std::vector<int>(9, 1); });
  EXPECT_TRUE(axes.starts_with(place + "9 axes")) << axes;
  const std::string large = refusal([](Json& json) { json["layout"]["sample_shape"] = {1 << 30, 1 << 30, 1 << 30}; });
  EXPECT_TRUE(large.starts_with(place + "[1073741824, 1073741824, 1073741824] has more than 2^62 elements")) << large;
}

// Searching all columns for each one would take minutes, beyond the suite's time limit.
TEST(Metadata, ManyCategoricalColumnsTakeNoTime) {
  constexpr int kColumns = 100'000;
  Json json = mixed_metadata();
  std::vector<std::string> columns, categories{"p", "q"};
  Json::object_t by_column;
  for (int i = 0; i < kColumns; ++i) {
    columns.push_back(fmt::format("column {}", i));
    by_column.emplace_back(columns.back(), categories);
  }
  json["columns"] = columns;
  json["layout"]["sample_shape"] = {kColumns};
  json["network"]["inputs"] = 2 * kColumns;
  json["preprocessing"]["encoding"] = {{"categories", by_column}, {"missing", Json::array()}};
  const ModelDescription model = parse_metadata(json.dump(), "m");
  ASSERT_EQ(model.encodings.size(), static_cast<std::size_t>(kColumns));
  EXPECT_EQ(model.encodings.back().categories, categories);
}

// The name of a column may contain a zero byte.
TEST(Metadata, NamesAreReadWhole) {
  Json json = mixed_metadata();
  const std::string odd("col\0our", 7);
  const auto encoding = [&]() -> Json& { return json["preprocessing"]["encoding"]; };
  const Json categories = encoding()["categories"]["colour"];
  for (Json& column : json["columns"]) {
    if (column == "colour") column = odd;
  }
  encoding()["categories"] = Json::object();
  encoding()["categories"][odd] = categories;
  const ModelDescription model = parse_metadata(json.dump(), "m");
  EXPECT_TRUE(std::any_of(model.encodings.begin(), model.encodings.end(),
                          [](const ColumnEncoding& column) { return column.is_categorical(); }));
}

}  // namespace
}  // namespace hillock
