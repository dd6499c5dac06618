// Model files that are damaged, hostile or of another kind, and data that do not fit a model, each with its literal
// message: one line that says what, where and what to do. Exit code 2, nothing on stdout, nothing written.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hillock/safetensors.h"
#include "tests/refusal.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::ordered_json;

// A model of numbers, categories and missing cells, whole.safetensors, and people.csv, on which it was trained.
struct RefusedModels : ::testing::Test {
  RefusedModels() {
    const char* const jobs[] = {"cook", "clerk", "smith"};
    std::string text = "age,job,score,ill\n";
    for (int i = 0; i < 60; ++i) {
      text += std::to_string(20 + i % 40) + "," + jobs[i % 3] + "," + (i % 7 == 0 ? "" : std::to_string(i % 11)) + "," +
              (i % 2 == 0 ? "no" : "yes") + "\n";
    }
    directory.write("people.csv", text);
    const ProgramResult trained = run_program({"train", "people.csv", "--target", "ill", "--net", "dense 3 tanh",
                                               "--epochs", "1", "--quiet", "--out", "whole.safetensors"},
                                              {.directory = directory.path()});
    EXPECT_EQ(trained.code, 0) << trained.err;
  }
  std::string whole() const { return directory.read("whole.safetensors"); }
  TemporaryDirectory directory;
};

// A safetensors file with this header, followed by `bytes` zeros.
std::string safetensors(const std::string& header, std::size_t bytes) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return file + header + std::string(bytes, '\0');
}

struct BadFile {
  std::string name;
  std::string content;
  std::string line;
};

// All commands that read a model print the same about a bad one; --init does as well if `init` is set.
void expect_refused_model(const TemporaryDirectory& directory, const std::string& file, const std::string& line,
                          bool init) {
  expect_refused(directory, {{"show", file}, line});
  expect_refused(directory, {{"evaluate", file, "people.csv"}, line});
  expect_refused(directory, {{"predict", file, "people.csv", "--out", "p.csv"}, line});
  expect_refused(directory, {{"plan", file}, line});
  if (init) expect_refused(directory, {{"train", "people.csv", "--target", "ill", "--init", file}, line});
}

TEST_F(RefusedModels, FilesThatAreNoSafetensors) {
  const std::string bytes = whole();
  // Its header has less than 65536 bytes.
  const int header_bytes = static_cast<unsigned char>(bytes[0]) + 256 * static_cast<unsigned char>(bytes[1]);
  std::string no_name = bytes;
  no_name[9] = ']';  // after the length and the brace
  const std::vector<BadFile> files{
      {"absent", "", "cannot be opened (No such file or directory); check the path"},
      {"empty", "", "has 0 bytes, too few for a safetensors file; it is truncated or of another kind"},
      {"table", "a,b\n1,2\n", "is a text, no safetensors file; give a file that hillock train wrote"},
      {"long-table", "age,weight,height\n1,2,3\n",
       "is a text, no safetensors file; give a file that hillock train wrote"},
      {"huge-header", std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F{}", 10),
       "claims a header of 9223372036854775807 bytes, at most 100000000 are read; it is damaged or no safetensors "
       "file"},
      {"header-beyond", std::string("\xFF\0\0\0\0\0\0\0{}", 10),
       "claims a header of 255 bytes, but 2 follow; it is truncated or no safetensors file"},
      {"no-json", safetensors("[1, 2]", 0), "the header does not begin with {; it is damaged or no safetensors file"},
      {"broken-json", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})", 4),
       "the header is not JSON (at its byte 54); the file is damaged or no safetensors file, take another copy of it"},
      {"broken-name", no_name,
       "the header is not JSON (at its byte 2); the file is damaged or no safetensors file, take another copy of it"},
      {"cut-header", bytes.substr(0, 200),
       "claims a header of " + std::to_string(header_bytes) +
           " bytes, but 192 follow; it is truncated or no safetensors file"},
      {"cut", bytes.substr(0, bytes.size() - 4),
       "the header describes 172 bytes of data, but the file has 168; it is truncated"},
      {"longer", bytes + "more", "the header describes 172 bytes of data, but the file has 176; it is damaged"},
      {"overlap",
       safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                   R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                   12),
       "tensor \"b\" begins at byte 4 of the data, but 8 was expected (an overlap); the file is damaged, take another "
       "copy of it"},
      {"hole", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8),
       "tensor \"a\" begins at byte 4 of the data, but 0 was expected (a hole); the file is damaged, take another copy "
       "of it"},
      {"negative", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}})", 4),
       "the header's entry \"a\" has a negative number where the format has none; the file is damaged or hostile, take "
       "another copy of it"},
      {"backwards", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4),
       "tensor \"a\" has data offsets 4 to 0, which do not match its type and shape; the file is damaged, take another "
       "copy of it"},
      {"fraction", safetensors(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4),
       "the header's entry \"a\" has a fraction or a number beyond 64 bits where the format has none; the file is "
       "damaged or hostile, take another copy of it"},
      {"shape", safetensors(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}})", 4),
       "tensor \"a\" has data offsets 0 to 4, which do not match its type and shape; the file is damaged, take another "
       "copy of it"},
      {"overflow", safetensors(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0),
       "tensor \"a\" has data offsets 0 to 0, which do not match its type and shape; the file is damaged, take another "
       "copy of it"},
      {"half", safetensors(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", 4),
       "tensor \"a\" has element type \"F16\"; F32, F64, I32 and I64 are read: convert it"},
      {"twice",
       safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                   R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                   8),
       "the header has the name \"a\" twice where the format has none; the file is damaged or hostile, take another "
       "copy of it"},
      {"field", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}})", 4),
       "the header's entry \"a\" has the unknown field \"code\" where the format has none; the file is damaged or "
       "hostile, take another copy of it"},
      {"lacking", safetensors(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4),
       "tensor \"a\" lacks a complete \"shape\"; the file is damaged, take another copy of it"},
  };
  for (const BadFile& file : files) {
    if (file.name != "absent") directory.write(file.name + ".safetensors", file.content);
    expect_refused_model(directory, file.name + ".safetensors", file.name + ".safetensors: " + file.line, true);
  }
}

// Tensors that any program may have written; --init uses those that fit.
TEST_F(RefusedModels, TensorsWithoutAModel) {
  directory.write("tensors.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4));
  expect_refused_model(directory, "tensors.safetensors",
                       "tensors.safetensors: is not a Hillock model (its metadata has no \"hillock\"); give a file "
                       "that hillock train wrote",
                       false);
  expect_refused(
      directory,
      {{"train", "people.csv", "--target", "ill", "--net", "5", "--init", "tensors.safetensors"},
       "tensors.safetensors: has no tensor \"dense1.weight\" [6, 5]; give a file with every parameter of the network"});
}

struct BadContent {
  std::string name;
  std::function<void(Json& about, SafetensorsFile& file)> change;
  std::string line;
};

Tensor& tensor(SafetensorsFile& file, const std::string& name) {
  for (NamedTensor& item : file.tensors) {
    if (item.name == name) return item.tensor;
  }
  throw std::runtime_error(name);
}

void remove_tensor(SafetensorsFile& file, const std::string& name) {
  std::erase_if(file.tensors, [&](const NamedTensor& item) { return item.name == name; });
}

Tensor floats(const Shape& shape) { return Tensor(TensorType{DType::f32, shape, {}}); }

// Applies each change to whole.safetensors and writes the result under another name.
void expect_refused_changes(const TemporaryDirectory& directory, const std::vector<BadContent>& cases) {
  for (const BadContent& item : cases) {
    SafetensorsFile file = read_safetensors(directory.file("whole.safetensors"));
    Json about = Json::parse(file.metadata.at("hillock"));
    item.change(about, file);
    if (file.metadata.contains("hillock") && file.metadata["hillock"] != "broken {")
      file.metadata["hillock"] = about.dump();
    const std::string name = item.name + ".safetensors";
    write_safetensors(directory.file(name), file);
    expect_refused_model(directory, name, name + ": " + item.line, file.metadata.contains("hillock"));
  }
}

TEST_F(RefusedModels, MetadataThatDoNotFit) {
  expect_refused_changes(
      directory,
      {{"no-model", [](Json&, SafetensorsFile& file) { file.metadata.clear(); },
        "is not a Hillock model (its metadata has no \"hillock\"); give a file that hillock train wrote"},
       {"no-json", [](Json&, SafetensorsFile& file) { file.metadata["hillock"] = "broken {"; },
        "its metadata is damaged: it is not JSON; give a file that hillock train wrote"},
       {"list", [](Json& about, SafetensorsFile&) { about = Json::array(); },
        "its metadata is damaged: it is not an object; give a file that hillock train wrote"},
       {"newer", [](Json& about, SafetensorsFile&) { about["format"] = 99; },
        "is a model of format 99, this program reads formats up to 6; use a newer hillock"},
       {"format-text", [](Json& about, SafetensorsFile&) { about["format"] = "2"; },
        "its metadata is damaged: \"format\" is not a whole number of at least 1; give a file that hillock train "
        "wrote"},
       {"format-zero", [](Json& about, SafetensorsFile&) { about["format"] = 0; },
        "its metadata is damaged: \"format\" is not a whole number of at least 1; give a file that hillock train "
        "wrote"},
       {"no-network", [](Json& about, SafetensorsFile&) { about.erase("network"); },
        "its metadata is damaged: \"network\" is missing; give a file that hillock train wrote"},
       {"spec", [](Json& about, SafetensorsFile&) { about["network"]["spec"] = "dense many relu"; },
        "its metadata is damaged: \"network.spec\": --net: part 1, \"dense many relu\": \"many\" is not a number of "
        "units; write for example \"64, 32\" or \"dense 64 relu, dropout 0.2, output sigmoid\"; give a file that "
        "hillock train wrote"},
       {"spec-type", [](Json& about, SafetensorsFile&) { about["network"]["spec"] = 64; },
        "its metadata is damaged: \"network.spec\" is not a text; give a file that hillock train wrote"},
       {"deep-spec", [](Json& about, SafetensorsFile&) { about["network"]["spec"] = "dense 1000000, dense 1000000"; },
        "its tensors hold 25 parameters, which is not what its network \"dense 1000000 relu, dense 1000000 relu, …\" "
        "needs; the file is damaged, take another copy of it"},
       {"inputs", [](Json& about, SafetensorsFile&) { about["network"]["inputs"] = 2; },
        "its metadata is damaged: 3 columns that make 6 inputs for 2; give a file that hillock train wrote"},
       {"inputs-negative", [](Json& about, SafetensorsFile&) { about["network"]["inputs"] = -1; },
        "its metadata is damaged: \"network.inputs\" is not a whole number from 1 to 2147483648; give a file that "
        "hillock train wrote"},
       {"outputs", [](Json& about, SafetensorsFile&) { about["network"]["outputs"] = 5; },
        "its metadata is damaged: 2 classes for 5 outputs; give a file that hillock train wrote"},
       {"output", [](Json& about, SafetensorsFile&) { about["network"]["output"] = "softmaxx"; },
        "its metadata is damaged: \"network.output\": activation: there is no \"softmaxx\"; did you mean \"softmax\"? "
        "use one of identity, sigmoid, tanh, relu, leaky-relu, elu, selu, gelu, silu, mish, … (12 in all); give a file "
        "that hillock train wrote"},
       {"dtype", [](Json& about, SafetensorsFile&) { about["dtype"] = "f16"; },
        "its metadata is damaged: \"dtype\": dtype: \"f16\" is not an element type; use f32, f64, i32 or i64; give a "
        "file that hillock train wrote"},
       {"task", [](Json& about, SafetensorsFile&) { about["task"] = "ranking"; },
        "its metadata is damaged: \"task\": task: \"ranking\" is not a task; use classification or regression; give a "
        "file that hillock train wrote"},
       {"no-columns", [](Json& about, SafetensorsFile&) { about.erase("columns"); },
        "its metadata is damaged: \"columns\" is missing; give a file that hillock train wrote"},
       {"columns", [](Json& about, SafetensorsFile&) { about["columns"].push_back("weight"); },
        "its metadata is damaged: 4 columns that make 7 inputs for 6; give a file that hillock train wrote"},
       {"columns-twice", [](Json& about, SafetensorsFile&) { about["columns"][2] = "age"; },
        "its metadata is damaged: \"preprocessing\" names a column \"score\" of none; give a file that hillock train "
        "wrote"},
       {"column-number", [](Json& about, SafetensorsFile&) { about["columns"][0] = 7; },
        "its metadata is damaged: \"columns\" holds something that is not a text; give a file that hillock train "
        "wrote"},
       {"classes", [](Json& about, SafetensorsFile&) { about["classes"].push_back("maybe"); },
        "its metadata is damaged: 3 classes for 1 outputs; give a file that hillock train wrote"},
       {"classes-twice", [](Json& about, SafetensorsFile&) { about["classes"][1] = "no"; },
        "its metadata is damaged: two classes have one name; give a file that hillock train wrote"},
       {"shape",
        [](Json& about, SafetensorsFile&) {
          about["layout"]["sample_shape"] = {7, 7};
        },
        "its metadata is damaged: rows of [7, 7] for 3 columns; give a file that hillock train wrote"},
       {"layout", [](Json& about, SafetensorsFile&) { about["layout"]["weight"] = "out,in"; },
        "keeps its weights as \"out,in\", this program reads \"in,out\"; use a newer hillock"},
       {"loss", [](Json& about, SafetensorsFile&) { about["loss"]["name"] = "logistc"; },
        "its metadata is damaged: \"loss.name\": loss: there is no \"logistc\"; did you mean \"logistic\"? use one of "
        "mse, sse, mae, huber, quantile, logistic, cross-entropy, hinge; give a file that hillock train wrote"},
       {"smoothing", [](Json& about, SafetensorsFile&) { about["loss"]["label_smoothing"] = 1.5; },
        "its metadata is damaged: label smoothing is not in [0, 1); give a file that hillock train wrote"},
       {"scale", [](Json& about, SafetensorsFile&) { about["preprocessing"]["features"] = "log"; },
        "its metadata is damaged: \"preprocessing.features\": scale: \"log\" is not a scale; use standard, minmax or "
        "none; give a file that hillock train wrote"},
       {"category",
        [](Json& about, SafetensorsFile&) {
          about["preprocessing"]["encoding"]["categories"]["job"].push_back("pilot");
        },
        "its metadata is damaged: 3 columns that make 7 inputs for 6; give a file that hillock train wrote"},
       {"no-categories",
        [](Json& about, SafetensorsFile&) { about["preprocessing"]["encoding"]["categories"]["job"] = Json::array(); },
        "its metadata is damaged: column \"job\" has no categories; give a file that hillock train wrote"},
       {"category-column",
        [](Json& about, SafetensorsFile&) { about["preprocessing"]["encoding"]["missing"].push_back("height"); },
        "its metadata is damaged: \"preprocessing\" names a column \"height\" of none; give a file that hillock train "
        "wrote"},
       {"training", [](Json& about, SafetensorsFile&) { about["training"] = 3; },
        "its metadata is damaged: \"training\" is not an object; give a file that hillock train wrote"}});
}

TEST_F(RefusedModels, TensorsThatDoNotFit) {
  expect_refused_changes(
      directory,
      {{"nan", [](Json&, SafetensorsFile& file) { tensor(file, "dense1.weight").set(0, NAN); },
        "tensor \"dense1.weight\" holds a value that is not finite; give a file without"},
       {"infinite", [](Json&, SafetensorsFile& file) { tensor(file, "output.bias").set(0, INFINITY); },
        "tensor \"output.bias\" holds a value that is not finite; give a file without"},
       {"offset-nan", [](Json&, SafetensorsFile& file) { tensor(file, "preprocessing.offset").set(0, NAN); },
        "tensor \"preprocessing.offset\" holds a value that is not finite; the file is damaged, take another copy of "
        "it"},
       {"factor-zero", [](Json&, SafetensorsFile& file) { tensor(file, "preprocessing.factor").set(0, 0); },
        "tensor \"preprocessing.factor\" holds a zero; the file is damaged, take another copy of it"},
       {"factor-f32", [](Json&, SafetensorsFile& file) { tensor(file, "preprocessing.factor") = floats(Shape{3}); },
        "tensor \"preprocessing.factor\" is f32[3] instead of f64[3]; the file is damaged, take another copy of it"},
       {"fill-short",
        [](Json&, SafetensorsFile& file) {
          tensor(file, "preprocessing.fill") = Tensor(TensorType{DType::f64, Shape{2}, {}});
        },
        "tensor \"preprocessing.fill\" is f64[2] instead of f64[3]; the file is damaged, take another copy of it"},
       {"no-fill", [](Json&, SafetensorsFile& file) { remove_tensor(file, "preprocessing.fill"); },
        "tensor \"preprocessing.fill\" is missing; the file is damaged, take another copy of it"},
       {"no-bias", [](Json&, SafetensorsFile& file) { remove_tensor(file, "output.bias"); },
        "its tensors hold 24 parameters, which is not what its network \"dense 3 tanh, output sigmoid\" needs; the "
        "file is damaged, take another copy of it"},
       {"turned",
        [](Json&, SafetensorsFile& file) {
          tensor(file, "dense1.weight") = floats(Shape{3, 6});
        },
        "tensor \"dense1.weight\" is f32[3, 6] where the network has [6, 3]; give a file for this network"},
       {"wide", [](Json&, SafetensorsFile& file) { tensor(file, "dense1.bias") = floats(Shape{4}); },
        "its tensors hold 26 parameters, which is not what its network \"dense 3 tanh, output sigmoid\" needs; the "
        "file is damaged, take another copy of it"},
       {"f64",
        [](Json&, SafetensorsFile& file) {
          tensor(file, "dense1.bias") = Tensor(TensorType{DType::f64, Shape{3}, {}});
        },
        "tensor \"dense1.bias\" is f64 in a model of f32; the file is damaged, take another copy of it"},
       {"integers",
        [](Json&, SafetensorsFile& file) {
          tensor(file, "dense1.bias") = Tensor(TensorType{DType::i32, Shape{3}, {}});
        },
        "tensor \"dense1.bias\" is i32 in a model of f32; the file is damaged, take another copy of it"},
       {"renamed", [](Json&, SafetensorsFile& file) { file.tensors.back().name = "dense9.weight"; },
        "tensor \"dense9.weight\" is not part of its network; the file is damaged, take another copy of it"}});
}

struct BadRows {
  std::string name;
  std::string content;
  std::string line;
  std::string command = "predict";
};

TEST_F(RefusedModels, DataThatDoNotFitTheModel) {
  std::string late = "age,job,score\n";
  for (int i = 0; i < 70000; ++i) late += "30,cook,1\n";
  const std::vector<BadRows> cases{
      {"missing.csv", "age,score,ill\n30,1,yes\n",
       "column \"job\" is missing; the model needs 3 columns: add or rename columns (the file has age, score, ill)"},
      {"renamed.csv", "Age,job,score,ill\n30,cook,1,yes\n",
       "column \"age\" is missing (nearest name: \"Age\"); the model needs 3 columns: add or rename columns (the file "
       "has Age, job, score, ill)"},
      {"all-renamed.csv", "years,profession,points\n30,cook,1\n",
       "column \"age\" is missing and 2 more; the model needs 3 columns: add or rename columns (the file has years, "
       "profession, points)"},
      {"twice.csv", "age,age,job,score\n30,31,cook,1\n",
       "several columns are called \"age\"; the model needs one: rename the others (the file has age#1, age#2, job, "
       "score)"},
      {"retyped.csv", "age,job,score\nyoung,cook,1\nold,clerk,2\n",
       "column \"age\" has 2 text cells among 0 numbers (lines 2, 3; 2 different texts: \"young\", \"old\"); the "
       "column is numeric: correct them, or pass --coerce \"age\" to take every text in the column as missing"},
      {"comma.csv", "age;job;score\n30,5;cook;1\n",
       "column \"age\" has 1 text cell among 0 numbers (line 2, \"30,5\"); pass --decimal , or write decimals with a "
       "point"},
      {"infinite.csv", "age,job,score\ninf,cook,1\n",
       "column \"age\" has 1 infinite cell (line 2, \"inf\"); correct them or remove these rows"},
      {"large.csv", "age,job,score\n1e39,cook,1\n",
       "column \"age\" has 1 infinite cell (line 2, \"1e39\"); numbers of f32 end at 3.4e38: choose f64 or correct "
       "them"},
      {"too-few.csv", "30,cook\n31,clerk\n",
       "has 2 columns without names, but the model needs 3; give these columns in the model's order, or a header with "
       "their names"},
      {"too-many.csv", "30,cook,1,yes,5\n31,clerk,2,no,5\n",
       "has 5 columns without names, but the model needs 3; give these columns in the model's order, or a header with "
       "their names"},
      {"empty.csv", "", "is empty; give a file with a row for each example"},
      {"header.csv", "age,job,score\n", "has a header but no rows below it; add rows"},
      {"ragged.csv", "age,job,score\n30,cook,1\n30,cook\n",
       "line 3 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by \",\")"},
      {"ragged-late.csv", late + "30,cook\n",
       "line 70002 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by \",\"), or "
       "pass --skip-end 1 if the table ends above"},
      {"text-late.csv", late + "old,cook,3\n",
       "column \"age\" has 1 text cell among 4464 numbers (line 70002, \"old\"); the column is numeric: correct them, "
       "or pass --na-add \"old\" to take it as missing"},
      {"quote-late.csv", late + "30,\"cook,3\n",
       "line 70002 opens a quote that is never closed; close it, or pass --quote none to read quotes as text"},
      {"no-target.csv", "age,job,score\n30,cook,1\n31,clerk,2\n",
       "has no column \"ill\" for the target; the columns are age, job, score", "evaluate"},
      {"class.csv", "age,job,score,ill\n30,cook,1,maybe\n",
       "target column \"ill\" holds \"maybe\" (line 2), which is none of the model's classes; these are no, yes",
       "evaluate"},
      {"class-missing.csv", "age,job,score,ill\n30,cook,1,?\n",
       "target column \"ill\" has no value in any row; choose another", "evaluate"},
      {"class-number.csv", "age,job,score,ill\n30,cook,1,2\n",
       "target column \"ill\" holds \"2\" (line 2), which is none of the model's classes; these are no, yes",
       "evaluate"},
      {"absent.csv", "", "cannot be opened (No such file or directory); check the path"},
      {"digits", "",
       "column \"age\" is missing and 2 more; the model needs 3 columns: add or rename columns (the file has "
       "pixel_0_0, pixel_0_1, pixel_0_2, pixel_0_3, pixel_0_4, pixel_0_5, pixel_0_6, pixel_0_7, pixel_1_0, pixel_1_1, "
       "… (65 in all))"},
      {"digits", "", "its target is \"digit\", not \"ill\"; give data of the model's kind", "evaluate"},
  };
  for (const BadRows& item : cases) {
    if (item.name != "absent.csv" && item.name != "digits") directory.write(item.name, item.content);
    std::vector<std::string> arguments{item.command, "whole.safetensors", item.name};
    if (item.command == "predict") arguments.insert(arguments.end(), {"--out", "p.csv"});
    expect_refused(directory, {arguments, item.name + ": " + item.line});
  }
}

TEST_F(RefusedModels, OptionsOfPrediction) {
  directory.write("rows.csv", "age,job,score\n30,cook,1\n");
  const std::string model = whole();
  const auto predict = [](const std::vector<std::string>& more) {
    std::vector<std::string> all{"predict", "whole.safetensors", "rows.csv"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  expect_refused(
      directory,
      {{predict({"--keep", "nr"}), "rows.csv: has no column \"nr\" to keep; it has age, job, score"},
       {predict({"--out", "absent/p.csv"}),
        "absent/p.csv: cannot be written (No such file or directory); create the directory or choose another path"},
       {predict({"--out", "."}), ".: cannot be written (Is a directory); choose another path"},
       {predict({"--out", "rows.csv"}),
        "predict: --out rows.csv is a file that the predictions come from; give another"},
       {predict({"--out", "whole.safetensors"}),
        "predict: --out whole.safetensors is a file that the predictions come from; give another"},
       {predict({"--encoding", "UFT-8"}),
        "rows.csv: the encoding \"UFT-8\" is not known here; give one that `iconv --list` names, for example "
        "--encoding GB18030 or --encoding ISO-8859-1"},
       {predict({"--delimiter", "ab"}),
        "predict: --delimiter \"ab\" cannot separate cells; give one character such as , ; |, or tab or space"},
       {predict({"--header", "no", "--delimiter", ";"}),
        "rows.csv: has 1 column without names, but the model needs 3; give these columns in the model's order, or a "
        "header with their names"}});
  EXPECT_EQ(whole(), model);
}

}  // namespace
}  // namespace hillock::testing
