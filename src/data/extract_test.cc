// Tables in containers: the files of tests/fuzz/seeds/file, which scripts/make_file_seeds.py writes.
#include "data/extract.h"

#include <filesystem>

#include "data/layout_testing.h"
#include "hillock/file.h"
#include "hillock/text.h"
#include "tests/paths.h"

namespace hillock {
namespace {

using Names = std::vector<std::string>;

std::string seed(const std::string& name) { return (source_directory() / "tests/fuzz/seeds/file" / name).string(); }

const ReadOptions kLine = {.target = "y", .task = Task::regression};

// Skips the test where the library that reads the file was not there.
#define HILLOCK_SKIP_UNREAD(name)                                                \
  if (const std::string error = error_of([&] { load_data(seed(name), kLine); }); \
      error.find("this build of Hillock") != std::string::npos) {                \
    GTEST_SKIP() << error;                                                       \
  }

TEST(Extract, CompressedTablesAreRead) {
  HILLOCK_SKIP_UNREAD("table.csv.xz");
  HILLOCK_SKIP_UNREAD("table.csv.bz2");
  for (const char* name : {"table.csv.xz", "two_streams.csv.xz", "table.csv.bz2", "two_streams.csv.bz2"}) {
    const Dataset data = load_data(seed(name), kLine).train;
    expect_line(data, name);
    EXPECT_EQ(data.name, std::string(name).substr(0, std::string(name).find('.')));
  }
}

TEST(Extract, DamagedCompressionIsRefused) {
  HILLOCK_SKIP_UNREAD("table.csv.xz");
  HILLOCK_SKIP_UNREAD("table.csv.bz2");
  const TestDirectory directory;
  for (const char* name : {"table.csv.xz", "table.csv.bz2"}) {
    const std::string whole = read_file(seed(name));
    for (const std::size_t bytes : {whole.size() - 1, whole.size() / 2, std::size_t{20}}) {
      const std::string error = error_of([&] { load_data(directory.write("t", whole.substr(0, bytes)), kLine); });
      EXPECT_NE(error.find(fmt::format("data end after {} bytes", bytes)), std::string::npos) << error;
    }
    std::string damaged = whole;
    damaged[whole.size() / 2] ^= 1;
    EXPECT_NE(error_of([&] { load_data(directory.write("t", damaged), kLine); }), "") << name;
    EXPECT_NE(error_of([&] { load_data(directory.write("t", whole + "rest"), kLine); }), "") << name;
  }
}

TEST(Extract, AnArchiveOfOneTableIsRead) {
  for (const char* name : {"table.zip", "with_readme.zip", "gzip_inside.zip"}) {
    EXPECT_TRUE(holds_table(seed(name)));
    expect_line(load_data(seed(name), kLine).train, name);
  }
  EXPECT_EQ(load_data(seed("with_readme.zip"), kLine).notes.front(), "of the archive, \"data/line.csv\" is read");
  const std::string two = seed("two_tables.zip");
  EXPECT_EQ(error_of([&] { load_data(two, kLine); }),
            two + ": is an archive of 2 files (a.csv, b.csv); unpack it and give the one that is meant: unzip " +
                shell_word(two));
  TableReader reader(
      seed("table.zip"),
      {.target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"b", "a"}});
  EXPECT_EQ(reader.next(1000).rows, kLineRows);
}

TEST(Extract, AnOnlyTableOfADatabaseIsRead) {
  HILLOCK_SKIP_UNREAD("one_table.db");
  const LoadedData data = load_data(seed("one_table.db"), kLine);
  expect_line(data.train, "database");
  EXPECT_EQ(data.notes.front(), "the table \"line\" of the database is read");
  EXPECT_EQ(data.train.name, "one_table");
  ReadOptions options = kLine;
  options.table = "line";
  expect_line(load_data(seed("two_tables.db"), options).train, "table");
  options.table.clear();
  options.query = "SELECT a, b, y FROM line;";
  expect_line(load_data(seed("two_tables.db"), options).train, "query");
  options.query = "SELECT y, b, a FROM line ORDER BY rowid";
  EXPECT_EQ(load_data(seed("two_tables.db"), options).train.columns, (Names{"b", "a"}));
  TableReader reader(
      seed("one_table.db"),
      {.target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"b", "a"}});
  EXPECT_EQ(reader.next(1000).rows, kLineRows);
}

TEST(Extract, CellsOfADatabaseKeepTheirValues) {
  HILLOCK_SKIP_UNREAD("one_table.db");
  ReadOptions options{.target = "y", .task = Task::regression, .dtype = DType::f64, .missing = Missing::impute};
  options.query = "SELECT who, dose, weight, y FROM notes";
  const Dataset data = load_data(seed("two_tables.db"), options).train;
  ASSERT_EQ(data.rows(), 4);
  ASSERT_EQ(data.columns, (Names{"who", "dose", "weight"}));
  EXPECT_EQ(data.categories[0].size(), 2u);
  EXPECT_EQ(data.categories[0][0], "Ann, \"A\"");
  EXPECT_EQ(data.features.at(1), 9007199254740992.0);
  EXPECT_EQ(data.features.at(2), 0.1);
  EXPECT_TRUE(std::isnan(data.features.at(5)));
  EXPECT_TRUE(std::isnan(data.features.at(6)));
  EXPECT_EQ(data.features.at(8), 1e300);
  EXPECT_EQ(data.features.at(11), -0.30000000000000004);
  options.decimal = ',';
  EXPECT_EQ(load_data(seed("two_tables.db"), options).train.features.at(2), 0.1);
}

TEST(Extract, WhatADatabaseCannotGiveIsRefused) {
  HILLOCK_SKIP_UNREAD("one_table.db");
  const std::string path = seed("two_tables.db");
  const auto error_with = [&](const std::string& table, const std::string& query) {
    ReadOptions options = kLine;
    options.table = table;
    options.query = query;
    const std::string error = error_of([&] { load_data(path, options); });
    return error.starts_with(path) ? error.substr(path.size()) : error;
  };
  EXPECT_EQ(error_with("", ""),
            ": is a database of 2 tables (line, notes); pass --table \"line\" or another of them, or --query with a "
            "SELECT");
  EXPECT_EQ(error_with("lines", ""),
            ": has no table \"lines\"; did you mean --table \"line\"? its tables are line, notes");
  EXPECT_EQ(error_with("notes", ""),
            ": column \"photo\" holds a blob (row 4); leave the column out by a --query of the others");
  for (const char* query : {"DELETE FROM line", "CREATE TABLE t (x)", "SELECT 1; SELECT 2", "", "-- nothing",
                            "ATTACH 'x.db' AS x", "PRAGMA query_only = OFF; SELECT 1"}) {
    if (*query == '\0') continue;
    EXPECT_NE(error_with("", query).find("give one SELECT"), std::string::npos) << query << error_with("", query);
  }
  EXPECT_NE(error_with("", "SELECT x FROM line").find("no such column: x"), std::string::npos);
  EXPECT_NE(error_with("line", "SELECT 1").find("leave one out"), std::string::npos);
  EXPECT_NE(error_with("", "SELECT load_extension('x')").find("not authorized"), std::string::npos);
  const TestDirectory directory;
  ReadOptions options = kLine;
  options.table = "line";
  const std::string csv = directory.write("t.csv", line_table());
  EXPECT_EQ(error_of([&] { load_data(csv, options); }),
            csv + ": is not an SQLite database, to which --table belongs; leave it out");
  const std::string damaged = directory.write("d.db", read_file(path).substr(0, 1000));
  EXPECT_NE(error_of([&] { load_data(damaged, kLine); }), "");
  // Nothing was written.
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(directory.path())) ++files;
  EXPECT_EQ(files, 2u);
}

}  // namespace
}  // namespace hillock
