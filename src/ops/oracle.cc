// Reads oracles. Integers are read as integers, since an i64 seed does not fit a double.
#include "ops/oracle.h"

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace hillock {
namespace {

using nlohmann::json;

double real_of(const json& value) {
  if (!value.is_string()) return value.get<double>();
  const auto& word = value.get_ref<const std::string&>();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  throw std::runtime_error("oracle: \"" + word + "\" is not a number");
}

template <class T>
void fill(Tensor& tensor, const json& values) {
  std::size_t at = 0;
  for (T& element : tensor.values<T>()) {
    if constexpr (std::is_integral_v<T>) {
      element = values.at(at++).get<T>();
    } else {
      element = static_cast<T>(real_of(values.at(at++)));
    }
  }
}

Tensor tensor_of(const json& entry) {
  const auto dims = entry.at("shape").get<std::vector<std::int64_t>>();
  Tensor tensor(TensorType{dtype_from_name(entry.at("dtype").get<std::string>()), Shape(dims), {}});
  const json& values = entry.at("values");
  if (values.size() != static_cast<std::size_t>(tensor.elements())) {
    throw std::runtime_error("oracle: " + std::to_string(values.size()) + " values for " + tensor.type().to_string());
  }
  switch (tensor.dtype()) {
    case DType::f32: fill<float>(tensor, values); break;
    case DType::f64: fill<double>(tensor, values); break;
    case DType::i32: fill<std::int32_t>(tensor, values); break;
    case DType::i64: fill<std::int64_t>(tensor, values); break;
  }
  return tensor;
}

std::pair<const std::string, Attributes::Item> attribute_of(const std::string& name, const json& value) {
  if (value.is_number_integer()) return {name, value.get<std::int64_t>()};
  if (value.is_number_float()) return {name, value.get<double>()};
  return {name, value.get<std::vector<std::int64_t>>()};
}

// Attributes are made from lists of fixed length; no op has more than three.
Attributes attributes_of(const json& entry) {
  std::vector<std::pair<const std::string, Attributes::Item>> items;
  for (const auto& [name, value] : entry.items()) items.push_back(attribute_of(name, value));
  switch (items.size()) {
    case 0: return {};
    case 1: return {items[0]};
    case 2: return {items[0], items[1]};
    case 3: return {items[0], items[1], items[2]};
    default: throw std::runtime_error("oracle: more than three attributes; extend attributes_of");
  }
}

}  // namespace

std::optional<std::vector<OracleCase>> read_oracle(const std::filesystem::path& ops_directory, const std::string& op) {
  std::ifstream file(ops_directory / op / "oracle.json");
  if (!file) return std::nullopt;
  const json document = json::parse(file);
  if (document.at("op").get<std::string>() != op) {
    throw std::runtime_error("oracle: the folder " + op + " holds the oracle of " +
                             document.at("op").get<std::string>());
  }
  std::vector<OracleCase> cases;
  for (const json& entry : document.at("cases")) {
    OracleCase result{entry.at("name").get<std::string>(), attributes_of(entry.at("attributes")), {}, {}};
    for (const json& tensor : entry.at("inputs")) result.inputs.push_back(tensor_of(tensor));
    for (const json& tensor : entry.at("outputs")) result.outputs.push_back(tensor_of(tensor));
    cases.push_back(std::move(result));
  }
  return cases;
}

}  // namespace hillock
