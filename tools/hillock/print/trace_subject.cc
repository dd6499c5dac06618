// What the numbers of a trace are called.
#include "print/trace_subject.h"

#include <fmt/format.h>

namespace hillock::program {

std::string layer_name(const std::string& parameter) { return parameter.substr(0, parameter.rfind('.')); }

std::vector<InputName> input_names(const Model& model) {
  std::vector<InputName> names, embedded;
  for (std::size_t i = 0; i < model.columns.size(); ++i) {
    const auto column = static_cast<std::int64_t>(i);
    const ColumnEncoding encoding = model.encoding.empty() ? ColumnEncoding{} : model.encoding.columns[i];
    if (encoding.is_embedded()) {
      embedded.push_back({"which " + model.columns[i], column, false});
    } else if (!encoding.is_categorical()) {
      names.push_back({model.columns[i], column, true});
    } else {
      for (const std::string& category : encoding.categories) {
        names.push_back({fmt::format("{}={}", model.columns[i], category), column, false});
      }
    }
    if (encoding.missing) names.push_back({model.columns[i] + " is missing", column, false});
  }
  names.insert(names.end(), embedded.begin(), embedded.end());
  return names;
}

std::vector<std::string> embedded_names(const Model& model) {
  std::vector<std::string> names;
  const std::size_t tables = model.encoding.embeddings().size();
  for (const InputName& input : input_names(model)) names.push_back(input.name);
  names.resize(names.size() - tables);
  for (std::size_t i = 0; i < model.columns.size() && tables > 0; ++i) {
    for (std::int64_t k = 0; k < model.encoding.columns[i].embedding; ++k) {
      names.push_back(fmt::format("{}·{}", model.columns[i], k + 1));
    }
  }
  return names;
}

std::vector<std::string> output_names(const Model& model) {
  if (model.task == Task::regression) return {model.target};
  if (model.network.outputs() == 1) return {fmt::format("{}={}", model.target, model.classes.back())};
  return model.classes;
}

Tensor loss_targets(const TraceSubject& subject) {
  return hillock::loss_targets(subject.targets, subject.model.network.outputs(), subject.model.label_smoothing);
}

}  // namespace hillock::program
