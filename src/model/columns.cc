// Describes the columns of a model.
#include "hillock/columns.h"

#include "hillock/model.h"

namespace hillock {
namespace {

ColumnAccount feature_of(const Model& model, std::size_t i) {
  ColumnAccount account{.name = model.columns[i]};
  if (i < model.encoding.columns.size()) account.encoding = model.encoding.columns[i];
  if (i < model.encoding.fill.size()) account.fill = model.encoding.fill[i];
  account.inputs = static_cast<std::int64_t>(account.encoding.plain_inputs());
  if (!account.encoding.is_categorical() && model.features.kind != Scale::none && i < model.features.offset.size()) {
    account.scale = model.features.kind;
    account.offset = model.features.offset[i];
    account.factor = model.features.factor[i];
  }
  return account;
}

// The inputs of embedded columns come after all other inputs.
void number_inputs(std::vector<ColumnAccount>& features) {
  std::int64_t next = 0;
  for (ColumnAccount& feature : features) {
    feature.first_input = next;
    next += feature.inputs;
  }
  for (ColumnAccount& feature : features) {
    if (feature.encoding.is_embedded()) feature.embedded_input = next++;
  }
}

}  // namespace

std::vector<ColumnAccount> columns_of(const Model& model) {
  std::vector<ColumnAccount> columns;
  for (std::size_t i = 0; i < model.columns.size(); ++i) columns.push_back(feature_of(model, i));
  number_inputs(columns);
  for (const std::string& name : model.all_targets()) {
    const std::size_t k = columns.size() - model.columns.size();
    ColumnAccount target{.name = name, .role = ColumnRole::target};
    if (model.task == Task::regression && model.targets.kind != Scale::none && k < model.targets.offset.size()) {
      target.scale = model.targets.kind;
      target.offset = model.targets.offset[k];
      target.factor = model.targets.factor[k];
    }
    columns.push_back(std::move(target));
  }
  return columns;
}

}  // namespace hillock
