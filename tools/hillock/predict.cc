// hillock predict: a model's predictions for rows of data, as CSV.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <span>
#include <utility>

#include "arguments.h"
#include "commands.h"
#include "core/file.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "kept_columns.h"
#include "train_arguments.h"

namespace hillock::program {
namespace {

struct PredictArguments {
  std::string model, data;
  std::vector<std::string> keep;
  std::optional<std::string> out, dtype, header;
  std::int64_t threads = 0;
};

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock predict digits.safetensors digits | head\n"
    "  hillock predict price.safetensors new.csv --keep id --out prices.csv\n"
    "The output has the kept columns, prediction, and for classes p_<class>, the probability of each.";

// RFC 4180: quoted where a comma, a quote or a line break would be misread.
void add_cell(std::string& csv, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    csv += cell;
    return;
  }
  csv += '"';
  for (const char c : cell) csv.append(c == '"' ? 2 : 1, c);
  csv += '"';
}

void add_header(std::string& csv, const Model& model, const KeptColumns& kept) {
  for (const std::string& name : kept.names) {
    add_cell(csv, name);
    csv += ',';
  }
  csv += "prediction";
  for (const std::string& name : model.classes) {
    csv += ',';
    add_cell(csv, fmt::format("p_{}", name));
  }
  csv += '\n';
}

// The shortest text that reads back as the same number.
template <class T>
void add_number(std::string& csv, T value) {
  fmt::format_to(std::back_inserter(csv), "{}", value);
}

template <class T>
void add_prediction(std::string& csv, const Model& model, std::span<const T> outputs) {
  if (model.task == Task::regression) return add_number(csv, outputs[0]);
  std::vector<T> shares(outputs.begin(), outputs.end());
  std::size_t best = 0;
  if (shares.size() == 1) {
    best = shares[0] > T(0.5) ? 1 : 0;
    shares = {1 - shares[0], shares[0]};
  } else {
    for (std::size_t i = 1; i < shares.size(); ++i) best = shares[i] > shares[best] ? i : best;
  }
  add_cell(csv, model.classes[best]);
  for (const T share : shares) {
    csv += ',';
    add_number(csv, share);
  }
}

template <class T>
std::string to_csv(const Model& model, const Tensor& predictions, const KeptColumns& kept) {
  std::string csv;
  add_header(csv, model, kept);
  const auto values = predictions.values<T>();
  const auto outputs = static_cast<std::size_t>(predictions.shape()[1]);
  for (std::size_t row = 0; row * outputs < values.size(); ++row) {
    for (std::size_t i = 0; i < kept.names.size(); ++i) {
      add_cell(csv, kept.cells[row * kept.names.size() + i]);
      csv += ',';
    }
    add_prediction<T>(csv, model, values.subspan(row * outputs, outputs));
    csv += '\n';
  }
  return csv;
}

struct Input {
  Dataset data;
  KeptColumns kept;
};

// With --keep the text is read here, because a data set has only the model's columns, as numbers.
Input read_input(const PredictArguments& arguments, const ReadOptions& options) {
  if (arguments.keep.empty()) {
    LoadedData loaded = load_data(arguments.data, options);
    return {loaded.test ? std::move(*loaded.test) : std::move(loaded.train), {}};
  }
  const std::string text = read_possibly_gzipped_file(arguments.data);
  Dataset data = parse_table(text, arguments.data, options).train;
  KeptColumns kept = keep_columns(text, arguments.data, arguments.keep, data.rows());
  return {std::move(data), std::move(kept)};
}

void write(const std::optional<std::string>& path, const std::string& csv) {
  if (!path || *path == "-") {
    std::fwrite(csv.data(), 1, csv.size(), stdout);
    return;
  }
  try {
    write_file(*path, std::as_bytes(std::span(csv)));
  } catch (const Error& error) {
    throw Failure(error.what());
  }
}

// Before anything is read.
void require_own_out(const PredictArguments& arguments) {
  if (!arguments.out || *arguments.out == "-") return;
  for (const std::string& input : {arguments.model, arguments.data}) {
    std::error_code none;
    if (!std::filesystem::equivalent(input, *arguments.out, none)) continue;
    throw Error(
        fmt::format("predict: --out {} is a file that the predictions come from; give another", *arguments.out));
  }
  require_writable(*arguments.out);
}

int predict_rows(const PredictArguments& arguments) {
  require_own_out(arguments);
  Model model = load_model(arguments.model);
  if (arguments.dtype) model = convert(model, dtype_from_name(*arguments.dtype));
  ReadOptions options = model.read_options();
  options.require_target = false;
  if (arguments.header) options.header = *arguments.header == "yes";
  const Input input = read_input(arguments, options);
  const Tensor predictions = model.predict(input.data.features, {.threads = thread_count(arguments.threads)});
  const bool single = predictions.dtype() == DType::f32;
  write(arguments.out,
        single ? to_csv<float>(model, predictions, input.kept) : to_csv<double>(model, predictions, input.kept));
  return kDone;
}

}  // namespace

void add_predict(CLI::App& app, Run& run) {
  const auto arguments = std::make_shared<PredictArguments>();
  Arguments options(app);
  options.positional("MODEL", arguments->model, "A model that hillock train wrote");
  options.positional("DATA", arguments->data, "Data with the model's columns, matched by name; - for stdin");
  options.examples(kExamples);
  options.texts("--keep", arguments->keep, "COL", "Copy this column of the data to the output; may be given again");
  options.text("--out", arguments->out, "FILE", "Write the CSV there instead of to stdout");
  options.choice("--dtype", arguments->dtype, {"f32", "f64"}, "The arithmetic (the model's own): f32 or f64");
  options.choice("--header", arguments->header, {"yes", "no"}, "Whether the first line names the columns: yes or no");
  options.integer("--threads", arguments->threads, 1, "At most so many; the results do not depend on it");
  options.when_called([arguments, &run] { run = [arguments] { return predict_rows(*arguments); }; });
}

}  // namespace hillock::program
