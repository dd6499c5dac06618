// The built-in data sets: each embedded file is turned into a table with the column and class names that its
// documentation gives, and then read like any other table.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/decompress.h"
#include "core/file.h"
#include "data/cells.h"
#include "data/embedded.h"
#include "data/sources.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// Where the files come from; data/README.md says more.
constexpr std::string_view kSklearn = "scikit-learn 1.2.1 (Debian's python3-sklearn), from the UCI repository";
constexpr std::string_view kLicence = "BSD-3-Clause; the data CC BY 4.0";

struct Builtin {
  BuiltinInfo info;
  std::string_view file;
  std::string_view columns;  // comma separated; empty: the file's first line names columns and target itself
  std::string_view target;
  std::string_view classes;  // comma separated, by the number in the file; empty: the file's labels
  bool counts_line;          // the first line holds counts and class names, not data
  Shape sample_shape;
  double divisor;  // each feature is divided by it; a power of two, so that the division is exact
};

constexpr std::string_view kIrisColumns = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)";
constexpr std::string_view kWineColumns =
    "alcohol,malic_acid,ash,alcalinity_of_ash,magnesium,total_phenols,flavanoids,nonflavanoid_phenols,proanthocyanins,"
    "color_intensity,hue,od280/od315_of_diluted_wines,proline";
constexpr std::string_view kWdbcColumns =
    "mean radius,mean texture,mean perimeter,mean area,mean smoothness,mean compactness,mean concavity,mean concave "
    "points,"
    "mean symmetry,mean fractal dimension,radius error,texture error,perimeter error,area error,smoothness error,"
    "compactness error,concavity error,concave points error,symmetry error,fractal dimension error,worst radius,"
    "worst texture,worst perimeter,worst area,worst smoothness,worst compactness,worst concavity,worst concave points,"
    "worst symmetry,worst fractal dimension";

std::string digits_columns() {
  std::string names;
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column)
      names += fmt::format("{}pixel_{}_{}", names.empty() ? "" : ",", row, column);
  }
  return names;
}

const std::vector<Builtin>& all_builtins() {
  static const std::string kDigitsColumns = digits_columns();
  static const std::vector<Builtin> kBuiltins = {
      {{"digits", 1797, 64, 10, Task::classification, Scale::none, "handwritten digits, 8×8 pixels", kSklearn,
        kLicence},
       "digits.csv.gz",
       kDigitsColumns,
       "digit",
       "0,1,2,3,4,5,6,7,8,9",
       false,
       Shape{8, 8},
       16},
      {{"iris", 150, 4, 3, Task::classification, Scale::standard, "flowers of three iris species", kSklearn, kLicence},
       "iris.csv",
       kIrisColumns,
       "species",
       "setosa,versicolor,virginica",
       true,
       Shape{4},
       1},
      {{"wdbc", 569, 30, 2, Task::classification, Scale::standard, "breast tumours: measures of cell nuclei", kSklearn,
        kLicence},
       "breast_cancer.csv.gz",
       kWdbcColumns,
       "diagnosis",
       "malignant,benign",
       true,
       Shape{30},
       1},
      {{"wine", 178, 13, 3, Task::classification, Scale::standard, "wines of three cultivars: chemical analyses",
        kSklearn, kLicence},
       "wine_data.csv",
       kWineColumns,
       "cultivar",
       "class_0,class_1,class_2",
       true,
       Shape{13},
       1},
      {{"xor", 4, 2, 2, Task::classification, Scale::none, "exclusive or: no single unit can learn it", "truth table",
        "public domain"},
       "xor.csv",
       "",
       "y",
       "",
       false,
       Shape{2},
       1},
  };
  return kBuiltins;
}

const Builtin* find_builtin(std::string_view name) {
  for (const Builtin& builtin : all_builtins()) {
    if (builtin.info.name == name) return &builtin;
  }
  return nullptr;
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> fields;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    fields.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return fields;
}

// The embedded file as a table with a header and class names.
std::string to_table(const Builtin& builtin) {
  const std::string text =
      decompress_if_compressed(std::string(embedded_file(builtin.file)), std::string(builtin.file));
  if (builtin.columns.empty()) return text;
  const std::vector<std::string> classes = split_commas(builtin.classes);
  std::string table = fmt::format("{},{}\n", builtin.columns, builtin.target);
  RowWalker walker(text, ',', builtin.file);
  std::vector<std::string_view> cells;
  if (builtin.counts_line) walker.next(cells);
  while (walker.next(cells)) {
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) table.append(cells[i]).append(",");
    std::size_t label = 0;
    std::from_chars(cells.back().data(), cells.back().data() + cells.back().size(), label);
    table.append(classes.at(label)).append("\n");
  }
  return table;
}

void divide(Tensor& features, double divisor) {
  if (divisor == 1) return;
  for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, features.at(i) / divisor);
}

}  // namespace

std::vector<BuiltinInfo> builtin_datasets() {
  std::vector<BuiltinInfo> infos;
  for (const Builtin& builtin : all_builtins()) infos.push_back(builtin.info);
  return infos;
}

bool is_builtin(std::string_view name) { return find_builtin(name) != nullptr; }

namespace {

// How a file is written says nothing of a set that is no file.
void require_no_format(const ReadOptions& options, std::string_view name) {
  const auto refuse_if = [&](bool given, const char* option) {
    if (!given) return;
    throw Error(fmt::format("{}: is a built-in set and no file, which needs no {}; leave it out", name, option),
                {{option}});
  };
  refuse_if(options.skip > 0, "--skip");
  refuse_if(options.skip_end.value_or(0) > 0, "--skip-end");
  refuse_if(options.delimiter.has_value(), "--delimiter");
  refuse_if(options.quote.has_value(), "--quote");
  refuse_if(options.decimal != '.', "--decimal");
  refuse_if(!options.thousands.empty(), "--thousands");
  refuse_if(!options.comment.empty(), "--comment");
  refuse_if(!options.table.empty(), "--table");
  refuse_if(!options.query.empty(), "--query");
}

}  // namespace

LoadedData read_builtin(std::string_view name, const ReadOptions& options) {
  const Builtin* builtin = find_builtin(name);
  if (builtin == nullptr) {
    std::vector<std::string> names;
    for (const BuiltinInfo& info : builtin_datasets()) names.emplace_back(info.name);
    const auto nearest = nearest_name(name, names);
    throw Error(fmt::format("{}: is neither a file nor a built-in data set; {}built in are {}", name,
                            nearest ? fmt::format("did you mean {}? ", quote(*nearest)) : "", list_names(names)));
  }
  require_own_target(options, builtin->target, name);
  require_no_format(options, name);
  ReadOptions chosen = options;
  chosen.target = builtin->target;
  chosen.header = true;
  // Classes keep the file's order: wdbc numbers malignant first.
  if (chosen.expected_classes.empty() && chosen.task != Task::regression) {
    chosen.expected_classes = split_commas(builtin->classes);
  }
  const std::string table = to_table(*builtin);
  LoadedData data = parse_table(table, name, chosen);
  data.train.name = name;
  data.train.scale = builtin->info.scale;
  if (data.train.feature_count() == builtin->info.columns) data.train.sample_shape = builtin->sample_shape;
  divide(data.train.features, builtin->divisor);
  return data;
}

Dataset load_builtin(std::string_view name, DType dtype) {
  ReadOptions options;
  options.dtype = dtype;
  return read_builtin(name, options).train;
}

}  // namespace hillock
