// Files of other programs are named and refused with a command, whatever the file is called.
#include "data/foreign.h"

#include "data/layout_testing.h"
#include "hillock/file.h"
#include "tests/paths.h"

namespace hillock {
namespace {

TEST(Foreign, EveryFormatIsNamedWithACommand) {
  struct Case {
    const char *file, *format, *command;
  };
  const TestDirectory directory;
  for (const Case& it : std::vector<Case>{
           {"x.parquet", "a Parquet file",
            "python3 -c \"import pandas; pandas.read_parquet('{}').to_csv('{}.csv', index=False)\""},
           {"x.feather", "an Arrow (Feather) file",
            "python3 -c \"import pandas; pandas.read_feather('{}').to_csv('{}.csv', index=False)\""},
           {"workbook.xlsx", "an Excel workbook",
            "python3 -c \"import pandas; pandas.read_excel('{}').to_csv('{}.csv', index=False)\""},
           {"x.sas7bdat", "a SAS file",
            "python3 -c \"import pandas; pandas.read_sas('{}', format='sas7bdat', encoding='infer').to_csv('{}.csv', "
            "index=False)\""},
           {"x.pickle", "a Python pickle, which may run any program when it is read",
            "python3 -c \"import pandas; pandas.DataFrame(pandas.read_pickle('{}')).to_csv('{}.csv', index=False)\""},
           {"lines.json", "a JSON lines file",
            "python3 -c \"import pandas; pandas.read_json('{}', lines=True).to_csv('{}.csv', index=False)\""},
           {"whole.json", "a JSON file",
            "python3 -c \"import pandas; pandas.read_json('{}').to_csv('{}.csv', index=False)\""},
           {"arrays.json", "a file of JSON arrays",
            "python3 -c \"import csv, json; csv.writer(open('{1}.csv', 'w')).writerows(map(json.loads, "
            "open('{0}')))\""},
           {"page.html", "an HTML page",
            "python3 -c \"import pandas; pandas.read_html('{}')[0].to_csv('{}.csv', index=False)\""},
           {"fann.data", "FANN's training data", "tail -n +2 {} | paste -d ' ' - - > {}.csv"},
       }) {
    const std::string path =
        directory.write(it.file, read_file((source_directory() / "tests/fuzz/seeds/file" / it.file).string()));
    const std::string stem = path.substr(0, path.rfind('.'));
    EXPECT_EQ(error_of([&] { load_data(path, {.target = "y"}); }),
              fmt::format("{}: is {}, which is not read here; make a table of it: {}", path, it.format,
                          fmt::format(fmt::runtime(it.command), path, stem)));
  }
  EXPECT_NE(parse_error("1 1:0.5 2:0.3\n0 2:1\n").find("t.csv: is a libsvm file"), std::string::npos);
  EXPECT_NE(parse_error("%x\n@relation x\n@attribute a real\n@data\n1\n").find("t.csv: is an ARFF file"),
            std::string::npos);
}

TEST(Foreign, CommandsQuoteNames) {
  EXPECT_EQ(error_of([] { refuse_format("it's $5.json", "x", "python3 -c \"f({file}, {table})\""); }),
            "it's $5.json: is x, which is not read here; make a table of it: python3 -c \"f('it\\\\'s \\$5.json', "
            "'it\\\\'s \\$5.csv')\"");
  EXPECT_EQ(error_of([] { refuse_format("it's.json", "x", "cat {file} > {table}"); }),
            "it's.json: is x, which is not read here; make a table of it: cat 'it'\\''s.json' > 'it'\\''s.csv'");
  EXPECT_EQ(error_of([] { refuse_format("x.pdf", "a PDF document", ""); }),
            "x.pdf: is a PDF document, which is not read here; give a table as text (CSV) instead");
}

// Tables that look a little like one of these.
TEST(Foreign, TablesAreNoOtherFormat) {
  for (const char* text :
       {"ORC,b,y\n1,2,3\n2,3,5\n", "PAR1,b,y\n1,2,3\n2,3,5\n", "GIF8;b;y\n1;2;3\n2;3;5\n", "{a},b,y\n1,2,3\n2,3,5\n",
        "[a],[b],[y]\n1,2,3\n2,3,5\n", "1 2 3\n2 3 5\n3 5 9\n", "1 12:30 5\n2 12:45 6\n3 13:00 8\n",
        "5 12:30\n6 12:45\n7 13:00\n", "3 1 1\n4 1 2\n5 2 1\n", "@a,b,y\n1,2,3\n2,3,5\n", "<5,b,y\n1,2,3\n2,3,5\n"}) {
    EXPECT_EQ(error_of([&] { parse(text, {.target = "last", .require_target = true}); }), "") << text;
  }
}

TEST(Foreign, Utf16WithoutAMarkIsRead) {
  const std::string path = (source_directory() / "tests/fuzz/seeds/file/utf16_without_mark.csv").string();
  expect_line(load_data(path, {.target = "y", .task = Task::regression}).train, path);
  std::string swapped = read_file(path);
  for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  expect_line(parse(swapped, {.target = "y", .task = Task::regression}).train, "big endian");
}

}  // namespace
}  // namespace hillock
