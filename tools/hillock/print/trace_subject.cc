// Names for the numbers of a trace.
#include "print/trace_subject.h"

#include <fmt/format.h>

#include <utility>

#include "hillock/columns.h"

namespace hillock::program {

std::string layer_name(const std::string& parameter) { return parameter.substr(0, parameter.rfind('.')); }

std::vector<InputName> input_names(const Model& model) {
  const std::vector<ColumnAccount> columns = columns_of(model);
  std::vector<InputName> names(static_cast<std::size_t>(model.encoding.inputs(model.columns.size())));
  for (std::size_t i = 0; i < model.columns.size(); ++i) {
    const ColumnAccount& column = columns[i];
    const ColumnEncoding& encoding = column.encoding;
    const auto set = [&, number = static_cast<std::int64_t>(i)](std::int64_t input, std::string name, bool is_number) {
      names[static_cast<std::size_t>(input)] = {std::move(name), number, is_number};
    };
    if (encoding.is_embedded()) {
      set(column.embedded_input, "which " + column.name, false);
    } else if (!encoding.is_categorical()) {
      set(column.first_input, column.name, true);
      std::int64_t input = column.first_input + 1;
      for (const nn::Cycle cycle : encoding.cycles) {
        set(input++, fmt::format("sin {} of {}", nn::name_of(cycle), column.name), false);
        set(input++, fmt::format("cos {} of {}", nn::name_of(cycle), column.name), false);
      }
    } else {
      std::int64_t input = column.first_input;
      for (const std::string& category : encoding.categories) {
        set(input++, fmt::format("{}={}", column.name, category), false);
      }
    }
    if (encoding.missing) set(column.first_input + column.inputs - 1, column.name + " is missing", false);
  }
  return names;
}

std::vector<std::string> embedded_names(const Model& model) {
  std::vector<std::string> names;
  const std::size_t tables = model.encoding.embeddings().size();
  for (const InputName& input : input_names(model)) names.push_back(input.name);
  names.resize(names.size() - tables);
  for (const ColumnAccount& column : columns_of(model)) {
    for (std::int64_t k = 0; k < column.encoding.embedding; ++k) {
      names.push_back(fmt::format("{}·{}", column.name, k + 1));
    }
  }
  return names;
}

std::vector<std::string> output_names(const Model& model) {
  if (model.task == Task::regression) return model.all_targets();
  if (model.network.outputs() == 1) return {fmt::format("{}={}", model.target, model.classes.back())};
  return model.classes;
}

Tensor loss_targets(const TraceSubject& subject) {
  return hillock::loss_targets(subject.targets, subject.model.network.outputs(), subject.model.label_smoothing);
}

}  // namespace hillock::program
