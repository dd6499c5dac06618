// Converts the options' texts to ReadOptions.
#include "arguments/reading_arguments.h"

#include <fmt/format.h>

#include "hillock/error.h"

namespace hillock::program {
namespace {

char to_delimiter(const std::string& text, const std::string& command) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text == "space") return ' ';
  const bool usable = text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80 && text != "\"" && text != "\n" &&
                      text != "\r" && text != "." && text != "-" && text != "+" && !(text[0] >= '0' && text[0] <= '9');
  if (usable) return text[0];
  throw Error(
      fmt::format("{}: --delimiter \"{}\" cannot separate cells; give one character such as , ; |, or tab or space",
                  command, text));
}

std::string to_thousands(const std::string& text, const std::string& command) {
  if (text == "space" || text == " ") return " ";
  if (text == "," || text == "." || text == "'") return text;
  throw Error(
      fmt::format("{}: --thousands \"{}\" is no mark between digits; give one of , . ' or space", command, text));
}

// C, \C or none.
void apply_quote(const std::string& text, const std::string& command, ReadOptions& options) {
  options.backslash_escapes = text.size() == 2 && text[0] == '\\';
  const std::string mark = options.backslash_escapes ? text.substr(1) : text;
  if (mark == "none" || mark == "\"" || mark == "'") {
    options.quote = mark == "none" ? '\0' : mark[0];
    return;
  }
  throw Error(fmt::format(
      "{}: --quote \"{}\" cannot quote cells; give \" or ' (behind a backslash if that escapes quotes) or none",
      command, text));
}

}  // namespace

void describe_reading(Arguments& options, ReadingArguments& to) {
  options.choice("--header", to.header, {"yes", "no"}, "Whether the first line names the columns: yes or no");
  options.text("--delimiter", to.delimiter, "C", "What separates cells: a character, tab or space (found by itself)");
  options.text("--quote", to.quote, "C",
               "What cells are quoted by: \" or '; \\\" or \\' if a backslash escapes quotes in cells; or none");
  options.integer("--skip", to.skip, 0, "Leave out the first N lines");
  options.integer("--skip-end", to.skip_end, 0, "Leave out the last N lines");
  options.text("--table", to.table, "NAME",
               "The table or view of an SQLite database to read; needed if it has several");
  options.text("--query", to.query, "SELECT", "A SELECT on an SQLite database, whose rows are read");
  options.choice("--decimal", to.decimal, {".", ","}, "The decimal mark: . or , (.)");
  options.text("--thousands", to.thousands, "C",
               "The mark between groups of three digits: , . ' or space (found in each column)");
  options.choice("--dates", to.dates, {"dmy", "mdy", "ymd"},
                 "The order in dates such as 03/04/2024: dmy, mdy or ymd (found by a day above 12)");
  options.text("--comment", to.comment, "TEXT", "Leave out lines that begin with it");
  options.text("--encoding", to.encoding, "NAME",
               "The text's encoding, as iconv names it: GB18030, ISO-8859-1, … (UTF-8)");
  options.texts("--na", to.missing_tokens, "TEXT",
                "A cell that counts as missing, instead of ? NA N/A NaN null - and such; may be given again");
  options.texts("--na-add", to.added_missing_tokens, "TEXT", "Count this text as missing too; may be given again");
  options.texts("--coerce", to.coerce, "COL",
                "Take COL as numbers, and every text in it as missing; may be given again");
  options.texts("--allow-unseen", to.allow_unseen, "COL",
                "Accept a file in which all categories of COL are unknown to the model; may be given again");
}

void apply_reading(const ReadingArguments& arguments, const std::string& command, ReadOptions& options) {
  if (arguments.header) options.header = *arguments.header == "yes";
  if (arguments.delimiter) options.delimiter = to_delimiter(*arguments.delimiter, command);
  if (arguments.quote) apply_quote(*arguments.quote, command, options);
  if (arguments.skip) options.skip = *arguments.skip;
  if (arguments.skip_end) options.skip_end = *arguments.skip_end;
  if (arguments.table) options.table = *arguments.table;
  if (arguments.query) options.query = *arguments.query;
  if (!options.table.empty() && !options.query.empty()) {
    throw Error(fmt::format("{}: --table and --query both say which rows are read; leave one out", command),
                {{"--table"}, {"--query"}});
  }
  if (arguments.decimal) options.decimal = (*arguments.decimal)[0];
  if (arguments.dates) options.dates = date_form_from_name(*arguments.dates);
  if (arguments.comment) options.comment = *arguments.comment;
  if (arguments.encoding) options.encoding = *arguments.encoding;
  if (!arguments.missing_tokens.empty()) options.missing_tokens = arguments.missing_tokens;
  options.added_missing_tokens = arguments.added_missing_tokens;
  options.coerce = arguments.coerce;
  options.allow_unseen = arguments.allow_unseen;
  if (arguments.thousands) options.thousands = to_thousands(*arguments.thousands, command);
  const bool given = arguments.decimal.has_value();
  if (given && options.thousands == std::string(1, options.decimal)) {
    throw Error(
        fmt::format("{}: --thousands and --decimal are both \"{}\"; they must differ", command, options.decimal));
  }
  if (options.delimiter == options.decimal) {
    throw Error(
        fmt::format("{}: --delimiter and --decimal are both \"{}\"; they must differ", command, options.decimal));
  }
}

}  // namespace hillock::program
