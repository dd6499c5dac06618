// What the program refuses to train on: every case with its literal message, one line that says what, where and what to
// do. Exit code 2, nothing on stdout, nothing written.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/refusal.h"

namespace hillock::testing {
namespace {

// hillock train NAME --target last OPTIONS
struct BadTable {
  std::string name;
  std::string content;
  std::string line;
  std::vector<std::string> options = {};
};

void expect_refused(const TemporaryDirectory& directory, const std::vector<BadTable>& tables) {
  for (const BadTable& table : tables) {
    directory.write(table.name, table.content);
    std::vector<std::string> arguments{"train", table.name, "--target", "last"};
    arguments.insert(arguments.end(), table.options.begin(), table.options.end());
    expect_refused(directory, Refusal{arguments, table.line});
  }
}

struct RefusedData : ::testing::Test {
  TemporaryDirectory directory;
};

TEST_F(RefusedData, TextThatIsNoTable) {
  expect_refused(
      directory,
      {
          {"blank.csv", "\n\n  \n", "blank.csv: is empty; give a file with a row for each example"},
          {"bom.csv", "\xEF\xBB\xBF", "bom.csv: is empty; give a file with a row for each example"},
          {"comments.csv",
           "# only\n# remarks\n",
           "comments.csv: is empty; give a file with a row for each example",
           {"--comment", "#"}},
          {"header.csv", "a,b,c\n", "header.csv: has a header but no rows below it; add rows", {"--header", "yes"}},
          {"header2.csv", "a,b,c\n", "header2.csv: has a header but no rows below it; add rows"},
          {"ragged.csv", "a,b,c\n1,2,3\n1,2\n4,5,6\n",
           "ragged.csv: line 3 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
           "\",\")"},
          {"longer.csv", "a;b;c\n1;2;3\n1;2;3;4\n4;5;6\n",
           "longer.csv: line 3 has 4 cells, expected 3 as in the other lines; correct the line (cells are separated by "
           "\";\")"},
          {"tabs.tsv", "a\tb\tc\n1\t2\t3\n1\t2\n4\t5\t6\n",
           "tabs.tsv: line 3 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
           "tabs)"},
          {"names.csv", "a,b,c\n1,2,3,4\n1,5,6,7\n",
           "names.csv: line 1 has 3 cells, expected 4 as in the other lines; correct the line (cells are separated by "
           "\",\")"},
          {"open.csv", "a,b\n1,\"x\n2,y\n3,z\n",
           "open.csv: line 2 opens a quote that is never closed; close it, or pass --quote none to read quotes as "
           "text"},
          {"after.csv", "a,b\n1,\"x\"y\n2,y\n",
           "after.csv: line 2 has text after a closing quote; write a quote inside a quoted cell twice, or pass "
           "--quote none to read quotes as text"},
          {"inner.csv", "a,b\n1,\"say \"no\"\"\n2,y\n",
           "inner.csv: line 2 has text after a closing quote; write a quote inside a quoted cell twice, or pass "
           "--quote none to read quotes as text"},
      });
}

TEST_F(RefusedData, BytesThatAreNoText) {
  expect_refused(
      directory,
      {
          {"zero.csv",
           std::string("a,b\n1,2\n3,\x00"
                       "4\n",
                       13),
           "zero.csv: is not a table (byte 11 is zero); give CSV, .npy or a directory of IDX files"},
          {"utf8.csv",
           "a,gr\xF6\xDF"
           "e\n1,2\n3,4\n5,6\n",
           "utf8.csv: is not UTF-8 text (byte 5, line 1); pass --encoding GB18030 or --encoding ISO-8859-1, or save it "
           "as UTF-8"},
          {"chinese.csv", "\xC4\xEA\xC1\xE4,\xBD\xE1\xB9\xFB\n1,2\n3,4\n",
           "chinese.csv: is not UTF-8 text (byte 1, line 1); pass --encoding GB18030 or --encoding ISO-8859-1, or save "
           "it as UTF-8"},
          {"truncated.csv", "a,b\n1,x\n2,\xE5\xB9",
           "truncated.csv: is not UTF-8 text (byte 11, line 3); pass --encoding GB18030 or --encoding ISO-8859-1, or "
           "save it as UTF-8"},
          {"declared.csv",
           "a,b\n1,x\n2,\xFF\n",
           "declared.csv: is not UTF-8 text (byte 11, line 3); pass --encoding ISO-8859-1, or save it as UTF-8",
           {"--encoding", "UTF-8"}},
          {"wrong.csv",
           "a,b\n1,x\n2,\xFF\xFF\n",
           "wrong.csv: is not GB18030 text (byte 11, line 3); give the encoding it has",
           {"--encoding", "GB18030"}},
          {"unknown.csv",
           "a,b\n1,x\n2,y\n",
           "unknown.csv: the encoding \"UFT-9\" is not known here; give one that `iconv --list` names, for example "
           "--encoding GB18030 or --encoding ISO-8859-1",
           {"--encoding", "UFT-9"}},
          {"utf16.csv",
           std::string("\xFF\xFE"
                       "a\x00,\x00"
                       "b\x00\n\x00\x00\xD8",
                       12),
           "utf16.csv: is not UTF-16 text (byte 11, line 2); give the encoding it has"},
      });
}

TEST_F(RefusedData, ColumnsThatCannotBeUsed) {
  expect_refused(
      directory,
      {
          {"single.csv", "a\n1\n2\n3\n",
           "single.csv: has no column beside the target \"a\"; add features, or give --delimiter if its lines hold "
           "more than one cell"},
          {"one-row.csv", "a,b\n1,yes\n", "one-row.csv: has one row, of which nothing can be learnt; add rows"},
          {"constant.csv", "a,b\n1,yes\n2,yes\n3,yes\n",
           "constant.csv: target column \"b\" has only one class, \"yes\", in all 3 rows; there is nothing to learn "
           "from it, choose another"},
          {"constant-number.csv", "a,b\n1,7\n2,7\n3,7\n",
           "constant-number.csv: target column \"b\" has the same value \"7\" in all 3 rows; there is nothing to learn "
           "from it, choose another"},
          {"no-target.csv", "a,b,y\n1,2,?\n2,3,?\n3,4,?\n",
           "no-target.csv: target column \"y\" has no value in any row; choose another"},
          {"some-target.csv",
           "a,b,y\n1,2,1.5\n2,3,NA\n3,4,2.5\n",
           "some-target.csv: target column \"y\" has 1 missing cell (first: line 3, \"NA\"); fill them in, or pass "
           "--missing drop-rows to leave these rows out",
           {"--missing", "refuse"}},
          {"infinite-target.csv", "a,y\n1,1.5\n2,inf\n3,2.5\n",
           "infinite-target.csv: target column \"y\" has 1 infinite cell (first: line 3, \"inf\"); correct them or "
           "remove these rows"},
          {"infinite.csv", "a,b,y\n1,2,3\n1,inf,4\n4,5,6\n",
           "infinite.csv: column \"b\" has 1 infinite cell (line 3, \"inf\"); correct them or remove these rows"},
          {"beyond.csv", "a,b,y\n1,1e39,3\n1,2,4\n4,5,6\n",
           "beyond.csv: column \"b\" has 1 infinite cell (line 2, \"1e39\"); numbers of f32 end at 3.4e38: choose f64 "
           "or correct them"},
          {"beyond-target.csv", "a,y\n1,1\n2,1e39\n3,4\n",
           "beyond-target.csv: target column \"y\" holds \"1e39\" (line 3), which is too large for f32; choose f64 or "
           "correct it"},
          {"beyond-double.csv",
           "a,y\n1,1\n2e999,2\n3,4\n",
           "beyond-double.csv: column \"a\" has 1 infinite cell (line 3, \"2e999\"); correct them or remove these rows",
           {"--dtype", "f64"}},
          {"text-regression.csv",
           "a,c\n1,x\n2,y\n3,z\n",
           "text-regression.csv: target column \"c\" has 3 text cells (first: line 2, \"x\"); numbers belong here: "
           "correct them, or pass --task classification to take every value as a label",
           {"--task", "regression"}},
          {"comma.csv", "a;b;c\n1,5;2;x\n2,5;3;y\n3,5;4;x\n",
           "comma.csv: column \"a\" has numbers with a decimal comma (lines 2, 3, 4; the first: \"1,5\"); pass "
           "--decimal , to read them, or --categorical \"a\" to take every value as a category"},
          {"empty-columns.csv", "a,b,y\n,,1\n,,2\n,,3\n",
           "empty-columns.csv: column \"a\" has no value in any row, and no other column can help; add features"},
          {"missing.csv",
           "a,b,y\n1,2,1\n?,3,2\n3,NA,3\n4,5,4\n",
           "missing.csv: column \"a\" has 1 missing cell (line 3, \"?\"), and so 1 column more; fill them in, or pass "
           "--missing impute or drop-rows",
           {"--missing", "refuse"}},
          {"all-dropped.csv",
           "a,b,y\n1,,1\n,3,2\n3,,3\n",
           "all-dropped.csv: every row has a missing cell; pass --missing impute",
           {"--missing", "drop-rows"}},
          {"weights-negative.csv",
           "a,w,y\n1,1,0\n2,-1,1\n3,1,0\n",
           "weights-negative.csv: --weights column \"w\" holds \"-1\" (line 3), which is not a number of at least 0; "
           "correct it",
           {"--weights", "w"}},
          {"weights-text.csv",
           "a,w,y\n1,1,0\n2,much,1\n3,1,0\n",
           "weights-text.csv: --weights column \"w\" holds \"much\" (line 3), which is not a number of at least 0; "
           "correct it",
           {"--weights", "w"}},
          {"weights-missing.csv",
           "a,w,y\n1,1,0\n2,,1\n3,1,0\n",
           "weights-missing.csv: --weights column \"w\" holds \"\" (line 3), which is not a number of at least 0; "
           "correct it",
           {"--weights", "w"}},
          {"weights-zero.csv",
           "a,w,y\n1,0,0\n2,0,1\n3,0,0\n",
           "weights-zero.csv: the weights in column \"w\" add up to 0; give some that are greater than 0",
           {"--weights", "w"}},
          {"group.csv",
           "a,g,y\n1,x,0\n2,,1\n3,y,0\n",
           "group.csv: --group column \"g\" has a missing cell (line 3); fill it in",
           {"--group", "g"}},
          {"time.csv",
           "a,t,y\n1,2020-01-01,0\n2,31.02.2020,1\n3,2020-02-01,0\n",
           "time.csv: --time column \"t\" holds \"31.02.2020\" (line 3); give numbers, or dates as 2024-05-31 in every "
           "row",
           {"--time", "t"}},
          {"time-missing.csv",
           "a,t,y\n1,2020,0\n2,,1\n3,2021,0\n",
           "time-missing.csv: --time column \"t\" holds \"\" (line 3); give numbers, or dates as 2024-05-31 in every "
           "row",
           {"--time", "t"}},
          {"good.csv",
           "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n",
           "good.csv: has no column \"w\" for --weights; the columns are a, b, kind",
           {"--weights", "w"}},
          {"good.csv",
           "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n",
           "good.csv: has no column \"grp\" for --group; the columns are a, b, kind",
           {"--group", "grp"}},
          {"good.csv",
           "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n",
           "good.csv: column \"kind\" is the target and cannot be for --time as well; name another",
           {"--time", "kind"}},
          {"good.csv",
           "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n",
           "good.csv: has no column \"heigt\" for --drop; the columns are a, b, kind",
           {"--drop", "heigt"}},
          {"good.csv",
           "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n",
           "good.csv: options leave no column beside the target \"kind\"; drop fewer",
           {"--drop", "a", "--drop", "b"}},
          {"good.csv",
           "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n",
           "good.csv: has no column beside the target \"a,b,kind\"; add features, or give --delimiter if its lines "
           "hold "
           "more than one cell",
           {"--delimiter", ";"}},
      });
}

// What Python's gzip.compress(b"a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n", mtime=0) gives, cut, changed or followed by
// other bytes.
TEST_F(RefusedData, GzipThatIsDamaged) {
  const std::string whole(
      "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03K\xD4I\xD2\xC9\xCE\xCCK\xE1"
      "2\xD4"
      "1\xD2IN,\xE1"
      "2\xD6"
      "1\xD1I\xC9O\xE7"
      "2\xD5"
      "1\x03\xF3\x01\xF2\xC9\x98X!\x00\x00\x00",
      49);
  expect_refused(
      directory,
      {
          {"cut.csv.gz", whole.substr(0, 40),
           "cut.csv.gz: the gzip data end after 40 bytes, before the end of the content; fetch the file again"},
          {"damaged.csv.gz", std::string(whole).replace(14, 2, "61"),
           "damaged.csv.gz: the gzip data are damaged; fetch the file again"},
          {"checksum.csv.gz", std::string(whole).replace(41, 1, "\xF3"),
           "checksum.csv.gz: the gzip data are damaged; fetch the file again"},
          {"tail.csv.gz", whole + "more", "tail.csv.gz: 4 bytes follow the gzip data; fetch the file again"},
          {"stub.csv.gz", "\x1F\x8B\x08",
           "stub.csv.gz: the gzip data end after 3 bytes, before the end of the content; fetch the file again"},
      });
}

// So many numbers that a single text among them is taken for a mistake.
std::string numbers_with(const std::string& slip, bool in_target) {
  std::string text = "a,b\n1,2.5\n" + (in_target ? "2," + slip : slip + ",2") + "\n";
  for (int i = 0; i < 38; ++i) text += std::to_string(i) + "," + std::to_string(i) + ".5\n";
  return text;
}

TEST_F(RefusedData, SlipsAmongNumbers) {
  expect_refused(
      directory,
      {{"feature.csv", numbers_with("12 many", false),
        "feature.csv: column \"a\" has 1 text cell among 39 numbers (line 3, \"12 many\"); correct them, pass --na-add "
        "\"12 many\" to take it as missing, or pass --categorical \"a\" to take every value as a category"},
       {"feature.csv",
        numbers_with("many", false),
        "feature.csv: column \"a\" has 1 text cell among 39 numbers (line 3, \"many\"); the column is numeric: correct "
        "them, or pass --na-add \"many\" to take it as missing",
        {"--numeric", "a"}},
       {"target.csv", numbers_with("many", true),
        "target.csv: target column \"b\" has 1 text cell (first: line 3, \"many\"); numbers belong here: correct them, "
        "pass --coerce \"b\" to take them as missing, or pass --task classification to take every value as a label"},
       {"target.csv",
        numbers_with("many", true),
        "target.csv: target column \"b\" has 1 text cell (first: line 3, \"many\"); numbers belong here: correct them, "
        "pass --coerce \"b\" to take them as missing, or pass --task classification to take every value as a label",
        {"--task", "regression"}},
       {"long.csv", numbers_with("\"7\r\n" + std::string(100000, 'y') + "\"", false),
        "long.csv: column \"a\" has 1 text cell among 39 numbers (line 3, \"7??" + std::string(37, 'y') +
            "…\"); correct them, pass --na-add \"7??" + std::string(37, 'y') +
            "…\" to take it as missing, or pass --categorical \"a\" to take every value as a category"}});
}

TEST_F(RefusedData, TargetsThatAreNotThere) {
  directory.write("good.csv", "a,b,kind\n1,2,cat\n3,4,dog\n5,6,cat\n");
  const auto train = [](const char* target) {
    return std::vector<std::string>{"train", "good.csv", "--target", target};
  };
  expect_refused(
      directory,
      {{{"train", "good.csv"},
        "good.csv: no target column is named; pass --target with its name, its number or \"last\" (columns: a, b, "
        "kind)"},
       {train("kinds"),
        "good.csv: has no column \"kinds\" for the target; did you mean \"kind\"? the columns are a, b, kind"},
       {train("4"), "good.csv: has no column \"4\" for the target; the columns are a, b, kind"},
       {train("0"), "good.csv: has no column \"0\" for the target; the columns are a, b, kind"},
       {train("-1"), "good.csv: has no column \"-1\" for the target; the columns are a, b, kind"}});
}

// An .npy file of version 1.
std::string npy(const std::string& header, const std::string& data, char version = 1) {
  std::string file = "\x93NUMPY";
  file += version;
  file += '\0';
  file += static_cast<char>(header.size() & 0xFF);
  file += static_cast<char>(header.size() >> 8);
  return file + header + data;
}

std::string npy_header(const char* type, const char* shape = "(2, 2)", const char* fortran = "False") {
  return std::string("{'descr': '") + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

TEST_F(RefusedData, ArraysThatCannotBeRead) {
  const std::string sixteen(16, '\0');
  const std::string one = std::string("\0\0\x80\x3F", 4), not_a_number = std::string("\0\0\xC0\x7F", 4);
  expect_refused(
      directory,
      {{"stub.npy", "\x93NUMPY", "stub.npy: is not a whole .npy file (6 bytes); save it again"},
       {"version.npy", npy(npy_header("<f4"), sixteen, 9),
        "version.npy: .npy version 9 is unknown; versions 1 to 3 are read"},
       {"header.npy", npy("{'descr': '<f4', 'shape'", ""),
        "header.npy: the .npy header is not a plain array's (at \"\"); save it with numpy.save as one array of "
        "numbers"},
       {"claims.npy", std::string("\x93NUMPY\x01\x00\xFF\xFF{}", 12),
        "claims.npy: the .npy header claims 65535 bytes, but 2 follow; save the file again"},
       {"object.npy", npy(npy_header("|O"), sixteen),
        "object.npy: element type \"|O\" is no type of numbers read here; convert it with numpy.astype(\"<f4\")"},
       {"complex.npy", npy(npy_header("<c8"), sixteen + sixteen),
        "complex.npy: element type \"<c8\" is no type of numbers read here; convert it with numpy.astype(\"<f4\")"},
       {"short.npy", npy(npy_header("<f4"), sixteen.substr(4)),
        "short.npy: holds 12 bytes of values, which is not what shape (2, 2) of <f4 needs; save the file again"},
       {"long.npy", npy(npy_header("<f4"), sixteen + "more"),
        "long.npy: holds 20 bytes of values, which is not what shape (2, 2) of <f4 needs; save the file again"},
       {"rank.npy", npy(npy_header("<f4", "()"), "four"),
        "rank.npy: has shape [], which holds no rows; save an array [rows, columns]"},
       {"rows.npy", npy(npy_header("<f4", "(0, 4)"), ""),
        "rows.npy: has shape [0, 4], which holds no rows; save an array [rows, columns]"},
       {"huge.npy", npy(npy_header("<f4", "(9223372036854775807, 9)"), sixteen),
        "huge.npy: holds 16 bytes of values, which is not what shape (9223372036854775807, 9) of <f4 needs; save the "
        "file again"},
       {"flat.npy", npy(npy_header("<f4", "(4,)"), sixteen),
        "flat.npy: has no column beside the target \"c1\"; add features, or give --delimiter if its lines hold more "
        "than one cell"},
       {"nan.npy", npy(npy_header("<f4"), one + not_a_number + one + one),
        "nan.npy: has one row, of which nothing can be learnt; add rows"}});
}

// An IDX file.
std::string idx(const std::vector<unsigned>& dims, const std::string& values, unsigned magic = 0) {
  std::string file;
  const auto add = [&](unsigned number) {
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>((number >> shift) & 0xFF);
  };
  add(magic != 0 ? magic : 0x800 + static_cast<unsigned>(dims.size()));
  for (const unsigned dim : dims) add(dim);
  return file + values;
}

struct BadImages {
  std::string name;     // the file that replaces a good one
  std::string content;  // "absent" if the file does not exist
  std::string line;
};

TEST_F(RefusedData, ImagesThatCannotBeRead) {
  const std::string images = "train-images-idx3-ubyte", labels = "train-labels-idx1-ubyte";
  const std::string test_images = "t10k-images-idx3-ubyte", test_labels = "t10k-labels-idx1-ubyte";
  const std::vector<std::pair<std::string, std::string>> good{{images, idx({3, 2, 2}, "123456789012")},
                                                              {labels, idx({3}, std::string("\0\1\2", 3))},
                                                              {test_images, idx({2, 2, 2}, "12345678")},
                                                              {test_labels, idx({2}, std::string("\0\1", 2))}};
  const std::vector<BadImages> cases{
      {images, idx({3, 2, 2}, "123456789"),
       "set/train-images-idx3-ubyte: its header says [3, 2, 2] of values, but 9 bytes follow; fetch the file again"},
      {images, idx({4294967295u, 4294967295u, 4294967295u}, ""),
       "set/train-images-idx3-ubyte: its header says [4294967295, 4294967295, 4294967295] of values, but 0 bytes "
       "follow; "
       "fetch the file again"},
      {images, idx({3, 2, 2}, "123456789012", 0x801),
       "set/train-images-idx3-ubyte: has one number for each row (IDX, 1 axis), expected images; check whether it "
       "holds "
       "the labels"},
      {images, idx({3, 2, 2}, "123456789012", 0xD03),
       "set/train-images-idx3-ubyte: its header says [3, 2, 2] of values, but 12 bytes follow; fetch the file again"},
      {images, std::string("\0\0\x08", 3),
       "set/train-images-idx3-ubyte: has 3 bytes, too few for an IDX header; fetch the file again"},
      {images, idx({0, 2, 2}, ""), "set/train-images-idx3-ubyte: holds no images; fetch the file again"},
      {images, "absent",
       "set: is a directory without train-images-idx3-ubyte or train-images-idx3-ubyte.gz; name a file, or a directory "
       "of "
       "IDX files"},
      {labels, "absent",
       "set: is a directory without train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz; name a file, or a directory "
       "of "
       "IDX files"},
      {labels, idx({2}, std::string("\0\1", 2)),
       "set/train-labels-idx1-ubyte: has 2 labels for 3 images; the two files do not belong together"},
      {labels, idx({3}, "\1\1\1"),
       "set/train-labels-idx1-ubyte: target column \"label\" has only one class, \"1\", in all 3 rows; there is "
       "nothing to "
       "learn from it, choose another"},
      {test_images, idx({2, 1, 4}, "12345678"),
       "set/t10k-images-idx3-ubyte: has images of [1, 4] and set/train-images-idx3-ubyte has [2, 2]; the two files do "
       "not "
       "belong together"},
      {test_labels, idx({2}, std::string("\0\7", 2)),
       "set/t10k-labels-idx1-ubyte: target column \"label\" holds \"7\" (row 2), which is none of the model's classes; "
       "these are 0, 1, 2"},
  };
  std::filesystem::create_directory(directory.path() / "set");
  for (const BadImages& item : cases) {
    for (const auto& [name, content] : good) directory.write("set/" + name, content);
    directory.write("set/" + item.name, item.content);
    if (item.content == "absent") std::filesystem::remove(directory.path() / "set" / item.name);
    expect_refused(directory, Refusal{{"train", "set"}, item.line});
  }
}

TEST_F(RefusedData, PathsThatNameNoData) {
  std::filesystem::create_directory(directory.path() / "folder");
  directory.write("file", "a,t\n1,0\n2,1\n");
  const auto train = [](const char* file) { return std::vector<std::string>{"train", file, "--target", "last"}; };
  expect_refused(
      directory,
      {{train("absent.csv"), "absent.csv: cannot be opened (No such file or directory); check the path"},
       {train("absent/x.csv"), "absent/x.csv: cannot be opened (No such file or directory); check the path"},
       {train("file/x"), "file/x: cannot be opened (Not a directory); check the path"},
       {train("folder"),
        "folder: is a directory without train-images-idx3-ubyte or train-images-idx3-ubyte.gz; name a file, or a "
        "directory "
        "of IDX files"},
       {train("irsi"),
        "irsi: is neither a file nor a built-in data set; did you mean \"iris\"? built in are digits, iris, wdbc, "
        "wine, "
        "xor"},
       {train(""), "input: the path is empty; name a file"},
       {{"train", "iris", "--target", "petal"}, "iris: its target is \"species\", not \"petal\"; leave --target out"}});
}

TEST_F(RefusedData, FilesThatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  directory.write("secret.csv", "a,t\n1,0\n2,1\n");
  std::filesystem::permissions(directory.path() / "secret.csv", std::filesystem::perms::none);
  expect_refused(directory, Refusal{{"train", "secret.csv", "--target", "last"},
                                    "secret.csv: cannot be opened (Permission denied); allow reading it"});
}

}  // namespace
}  // namespace hillock::testing
