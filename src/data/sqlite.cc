// One statement is prepared and stepped through; its rows are written as CSV, which has a reader already.
#include "data/sqlite.h"

#include <fmt/format.h>

#include <iterator>
#include <memory>

#include "data/foreign.h"
#include "hillock/error.h"
#include "hillock/text.h"
#ifdef HILLOCK_SQLITE
#include <sqlite3.h>
#endif

namespace hillock {

bool begins_as_sqlite(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.starts_with("SQLite format 3\0"sv);
}

#ifdef HILLOCK_SQLITE
namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

std::string why(sqlite3* database) { return printable(sqlite3_errmsg(database)); }

Statement prepare(sqlite3* database, const std::string& sql, const std::string& path) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int status = sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &statement, &rest);
  Statement prepared(statement, sqlite3_finalize);
  if (status != SQLITE_OK) {
    throw Error(fmt::format("{}: SQLite does not accept {} ({}); correct it", path, quote(sql), why(database)));
  }
  const std::string_view behind(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  const bool alone = behind.find_first_not_of(" \t\r\n;") == std::string_view::npos;
  if (statement == nullptr || !alone || sqlite3_stmt_readonly(statement) == 0 || sqlite3_column_count(statement) == 0) {
    throw Error(fmt::format("{}: --query {} is not one statement that reads rows; give one SELECT", path, quote(sql)));
  }
  return prepared;
}

Database open(const std::string& path) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened, sqlite3_close);
  if (status != SQLITE_OK) {
    throw Error(fmt::format("{}: SQLite cannot open it ({}); check the file", path,
                            opened == nullptr ? "no memory" : why(opened)));
  }
  constexpr int kWaitMilliseconds = 2000;  // for a program that writes to it
  sqlite3_busy_timeout(opened, kWaitMilliseconds);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_exec(opened, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  return database;
}

// False at the end.
bool step(sqlite3* database, sqlite3_stmt* statement, const std::string& path) {
  const int status = sqlite3_step(statement);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  throw Error(fmt::format("{}: SQLite cannot read the rows ({}); check the file and the query", path, why(database)));
}

std::string_view text_of(sqlite3_stmt* statement, int column) {
  const unsigned char* const text = sqlite3_column_text(statement, column);
  const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text), bytes);
}

std::vector<std::string> list_tables(sqlite3* database, const std::string& path) {
  const Statement statement = prepare(database,
                                      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT "
                                      "LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                                      path);
  std::vector<std::string> tables;
  while (step(database, statement.get(), path)) tables.emplace_back(text_of(statement.get(), 0));
  return tables;
}

void add_quoted(std::string& text, std::string_view cell) {
  text += '"';
  for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
  text += '"';
}

// "SELECT * FROM "visits"".
std::string select_all(const std::string& table) {
  std::string sql = "SELECT * FROM ";
  add_quoted(sql, table);
  return sql;
}

std::string choose_query(sqlite3* database, const std::string& path, const ReadOptions& options,
                         std::vector<std::string>& notes) {
  if (!options.query.empty()) return options.query;
  const std::vector<std::string> tables = list_tables(database, path);
  if (!options.table.empty()) {
    for (const std::string& table : tables) {
      if (table == options.table) return select_all(table);
    }
    const auto meant = nearest_name(options.table, tables);
    std::vector<Remedy> remedies;
    if (meant) remedies.push_back({"--table", {*meant}});
    throw Error(fmt::format("{}: has no table {}; {}its tables are {}", path, quote(options.table),
                            meant ? fmt::format("did you mean {}? ", remedies[0].text()) : "", list_names(tables)),
                remedies);
  }
  if (tables.empty()) throw Error(fmt::format("{}: is a database without tables; give another", path));
  if (tables.size() > 1) {
    const Remedy first{"--table", {tables[0]}};
    throw Error(fmt::format("{}: is a database of {} tables ({}); pass {} or another of them, or --query with a SELECT",
                            path, tables.size(), list_names(tables), first.text()),
                {first});
  }
  notes.push_back(fmt::format("the table {} of the database is read", quote(tables[0])));
  return select_all(tables[0]);
}

void add_cell(std::string& text, sqlite3_stmt* statement, int column, std::int64_t row, char decimal,
              const std::string& path) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: fmt::format_to(std::back_inserter(text), "{}", sqlite3_column_int64(statement, column)); break;
    case SQLITE_FLOAT: {
      const std::size_t begin = text.size();  // the shortest text that reads back as the same number
      fmt::format_to(std::back_inserter(text), "{}", sqlite3_column_double(statement, column));
      if (decimal == '.') break;
      if (const std::size_t point = text.find('.', begin); point != std::string::npos) text[point] = decimal;
      text.insert(begin, 1, '"');
      text += '"';
      break;
    }
    case SQLITE_TEXT: add_quoted(text, text_of(statement, column)); break;
    case SQLITE_NULL: text += "\"\""; break;
    default:
      throw Error(fmt::format("{}: column {} holds a blob (row {}); leave the column out by a --query of the others",
                              path, quote(sqlite3_column_name(statement, column)), row));
  }
}

}  // namespace

std::string read_sqlite(const std::string& path, const ReadOptions& options, std::vector<std::string>& notes) {
  if (path == "-") throw Error("stdin: is an SQLite database; give the path of its file");
  const Database database = open(path);
  const std::string query = choose_query(database.get(), path, options, notes);
  const Statement statement = prepare(database.get(), query, path);
  const int columns = sqlite3_column_count(statement.get());
  std::string text;
  const auto end_cell = [&](int column) { text += column + 1 < columns ? ',' : '\n'; };
  for (int column = 0; column < columns; ++column) {
    const char* const name = sqlite3_column_name(statement.get(), column);
    add_quoted(text, name == nullptr ? "" : name);
    end_cell(column);
  }
  for (std::int64_t row = 1; step(database.get(), statement.get(), path); ++row) {
    for (int column = 0; column < columns; ++column) {
      add_cell(text, statement.get(), column, row, options.decimal, path);
      end_cell(column);
    }
  }
  return text;
}

#else

std::string read_sqlite(const std::string& path, const ReadOptions& options, std::vector<std::string>&) {
  const std::string query = options.query.empty()
                                ? fmt::format("SELECT * FROM {}", options.table.empty() ? "TABLE" : options.table)
                                : options.query;
  refuse_format(path, "an SQLite database, and this build of Hillock lacks the library for it",
                fmt::format("sqlite3 -readonly -header -csv {{file}} {} > {{table}}", shell_word(query)));
}

#endif

}  // namespace hillock
