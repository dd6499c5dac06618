// hillock predict: writes a model's predictions for rows of data as CSV.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <span>
#include <utility>

#include "arguments/arguments.h"
#include "arguments/reading_arguments.h"
#include "arguments/train_arguments.h"
#include "commands.h"
#include "hillock/data.h"
#include "hillock/decision.h"
#include "hillock/error.h"
#include "hillock/file.h"
#include "hillock/model.h"
#include "hillock/text.h"
#include "interrupt.h"
#include "print/output.h"
#include "print/sign_of_life.h"
#include "print/terminal.h"

namespace hillock::program {
namespace {

struct PredictArguments {
  std::string model, data;
  std::vector<std::string> keep;
  ReadingArguments reading;
  std::optional<std::string> out, dtype;
  std::int64_t threads = 0;
};

constexpr const char* kExamples =
    "Examples:\n"
    "  hillock predict digits.safetensors digits | head\n"
    "  hillock predict price.safetensors new.csv --keep id --out prices.csv\n"
    "The output has the kept columns, prediction, and for classes p_<class>, the probability of each. A model trained\n"
    "with --loss hinge knows no probabilities: it gives margin_<class>, above 0 where it speaks for the class. A "
    "model\n"
    "of several targets gives prediction_<target> for each.";

// RFC 4180: quoted if a comma, a quote or a line break would be misread.
void add_cell(std::string& csv, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    csv += cell;
    return;
  }
  csv += '"';
  for (const char c : cell) csv.append(c == '"' ? 2 : 1, c);
  csv += '"';
}

void add_header(std::string& csv, const Model& model, const std::vector<std::string>& kept) {
  for (const std::string& name : kept) {
    add_cell(csv, name);
    csv += ',';
  }
  for (const std::string& name : model.target_names) {
    if (&name != &model.target_names.front()) csv += ',';
    add_cell(csv, "prediction_" + name);
  }
  if (model.target_names.empty()) csv += "prediction";
  for (const std::string& name : model.classes) {
    csv += ',';
    add_cell(csv, fmt::format("{}_{}", model.loss_function().margins() ? "margin" : "p", name));
  }
  csv += '\n';
}

// The shortest text that is read as the same number.
template <class T>
void add_number(std::string& csv, T value) {
  fmt::format_to(std::back_inserter(csv), "{}", value);
}

template <class T>
void add_numbers(std::string& csv, std::span<const T> values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0) csv += ',';
    add_number(csv, values[k]);
  }
}

template <class T>
void add_prediction(std::string& csv, const Model& model, std::span<const T> outputs, bool margins) {
  if (model.task == Task::regression) return add_numbers(csv, outputs);
  add_cell(csv, model.classes[predicted_class(outputs, margins)]);
  std::vector<T> scores;
  class_scores(outputs, margins, scores);
  for (const T score : scores) {
    csv += ',';
    add_number(csv, score);
  }
}

// Writes rows of the output.
template <class T>
void add_rows(std::string& csv, const Model& model, const Tensor& predictions, const std::vector<std::string>& kept) {
  const auto values = predictions.values<T>();
  const auto outputs = static_cast<std::size_t>(predictions.shape()[1]);
  const std::size_t rows = values.size() / outputs, kept_columns = rows == 0 ? 0 : kept.size() / rows;
  const bool margins = model.loss_function().margins();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < kept_columns; ++i) {
      add_cell(csv, kept[row * kept_columns + i]);
      csv += ',';
    }
    add_prediction<T>(csv, model, values.subspan(row * outputs, outputs), margins);
    csv += '\n';
  }
}

// The destination of the CSV.
class Output {
 public:
  explicit Output(const std::optional<std::string>& path) {
    attempt([&] {
      if (!path || *path == "-") return;
      file_.emplace(*path);
      remove_when_ended(file_->partial_path());
    });
  }
  bool is_file() const { return file_.has_value(); }
  void write(const std::string& text) {
    if (!file_) {
      write_to(stdout, text);
    } else {
      attempt([&] { file_->write(text); });
    }
  }
  void commit() {
    attempt([&] {
      if (file_) file_->commit();
    });
  }

 private:
  // An error in writing is not a mistake in the call, so it becomes a Failure.
  template <class Action>
  static void attempt(Action action) {
    try {
      action();
    } catch (const Error& error) {
      throw Failure(error.what());
    }
  }

  std::optional<FileWriter> file_;
};

// Checked before anything is read.
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

// The number of rows that are read at once, so that memory is bounded however many rows there are.
constexpr std::int64_t kRowsAtOnce = 65536;

class Prediction {
 public:
  Prediction(const PredictArguments& arguments, const Model& model)
      : arguments_(arguments), model_(model), output_(arguments.out) {}

  void run(const ReadOptions& options) {
    life_.doing(fmt::format("predicting for {}", arguments_.data == "-" ? "stdin" : printable(arguments_.data)));
    add_header(csv_, model_, arguments_.keep);
    if (is_table()) {
      run_table(options);
    } else {
      const LoadedData loaded = load_data(arguments_.data, options);
      tell(loaded.notes);
      add(model_.predict(loaded.test ? loaded.test->features : loaded.train.features, session()), {});
    }
    output_.write(csv_);
    output_.commit();
  }

 private:
  SessionOptions session() const { return {.threads = thread_count(arguments_.threads)}; }

  bool is_table() const {
    if (!arguments_.keep.empty() || arguments_.data == "-") return true;
    std::error_code none;
    return std::filesystem::is_regular_file(arguments_.data, none) && holds_table(arguments_.data);
  }

  void run_table(const ReadOptions& options) {
    TableReader reader(arguments_.data, options, arguments_.keep);
    for (;;) {  // one block at a time is in memory
      const TableReader::Part part = reader.next(kRowsAtOnce);
      if (part.rows == 0) break;
      add(model_.predict(part.features, session()), part.kept);
    }
    tell(reader.notes());
  }

  void tell(const std::vector<std::string>& notes) {
    life_.rest();
    print_notes(notes);
  }

  void add(const Tensor& predictions, const std::vector<std::string>& kept) {
    if (predictions.dtype() == DType::f32) {
      add_rows<float>(csv_, model_, predictions, kept);
    } else {
      add_rows<double>(csv_, model_, predictions, kept);
    }
    output_.write(csv_);
    csv_.clear();
    rows_ += predictions.shape()[0];
    life_.rows(rows_);
  }

  const PredictArguments& arguments_;
  const Model& model_;
  Output output_;
  std::string csv_;
  std::int64_t rows_ = 0;
  // Rows that are printed on a terminal show progress by themselves.
  SignOfLife life_{!output_.is_file() && is_terminal(stdout)};
};

int predict_rows(const PredictArguments& arguments) {
  require_own_out(arguments);
  Model model = load_model(arguments.model);
  const bool rows_in_f64 = model.read_options().dtype == DType::f64;  // as in training, whatever the arithmetic
  if (arguments.dtype) model = convert(model, dtype_from_name(*arguments.dtype));
  model.rows_in_f64 = rows_in_f64;
  ReadOptions options = model.read_options();
  options.require_target = false;
  apply_reading(arguments.reading, "predict", options);
  Prediction(arguments, model).run(options);
  return kDone;
}

}  // namespace

void add_predict(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<PredictArguments>();
  Arguments options(app);
  options.positional("MODEL", arguments->model, "A model that hillock train wrote");
  options.positional("DATA", arguments->data, "Data with the model's columns, matched by name; - for stdin");
  options.examples(kExamples);
  options.texts("--keep", arguments->keep, "COL", "Copy this column of the data to the output; may be given again");
  options.text("--out", arguments->out, "FILE", "Write the CSV there instead of to stdout");
  options.choice("--dtype", arguments->dtype, {"f32", "f64"}, "The arithmetic (the model's own): f32 or f64");
  describe_reading(options, arguments->reading);
  options.integer("--threads", arguments->threads, 1, "At most so many; the results do not depend on it");
  options.when_called(
      [arguments, &run] { run = [arguments](const std::string&) { return predict_rows(*arguments); }; });
}

}  // namespace hillock::program
