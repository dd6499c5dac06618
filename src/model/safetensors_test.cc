#include "hillock/safetensors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "hillock/error.h"

namespace hillock {
namespace {

// A file with this header text and `data_bytes` zero bytes of data.
std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(std::uint64_t{header.size()} >> (8 * i) & 0xFF);
  return bytes + header + std::string(data_bytes, '\0');
}

SafetensorsFile parse_bytes(const std::string& bytes) {
  return parse_safetensors(std::as_bytes(std::span(bytes)), "m.safetensors");
}

// The reader's message about the bytes, without the file's name.
std::string refusal(const std::string& bytes) {
  try {
    parse_bytes(bytes);
  } catch (const Error& error) {
    return std::string(error.what()).substr(std::strlen("m.safetensors: "));
  }
  return "";
}

std::string refusal_of(const std::string& header, std::size_t data_bytes = 0) {
  return refusal(file_of(header, data_bytes));
}

class SafetensorsFileTest : public testing::Test {
 protected:
  ~SafetensorsFileTest() override { std::remove(path_.c_str()); }
  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string path_ = testing::TempDir() + "hillock-" + std::to_string(::getpid()) + ".safetensors";
};

TEST_F(SafetensorsFileTest, WritesAndReadsBack) {
  SafetensorsFile file;
  file.metadata["hillock"] = "{\"format\": 1, \"é\": \"\\n\"}";
  file.tensors.push_back({"dense1.weight", Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, -0.f})});
  file.tensors.push_back({"scale", Tensor::from<double>({2}, {0.1, 1e300})});
  file.tensors.push_back({"labels", Tensor::from<std::int32_t>({1}, {-7})});
  file.tensors.push_back({"step", Tensor::from<std::int64_t>({}, {std::int64_t{1} << 60})});
  file.tensors.push_back({"empty", Tensor(TensorType{DType::f32, Shape{0, 4}, {}})});
  write_safetensors(path_, file);
  const SafetensorsFile read = read_safetensors(path_);
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), 5u);
  EXPECT_EQ(read.tensors[0].name, "scale");  // tensors with elements of 8 bytes come first
  EXPECT_EQ(read.tensors[1].name, "step");
  for (const NamedTensor& named : file.tensors) {
    const Tensor* tensor = read.find(named.name);
    ASSERT_NE(tensor, nullptr) << named.name;
    EXPECT_EQ(tensor->type(), named.tensor.type());
    EXPECT_EQ(std::memcmp(tensor->raw(), named.tensor.raw(), tensor->bytes()), 0);
  }
  EXPECT_EQ(read.find("bias"), nullptr);
}

TEST_F(SafetensorsFileTest, TheBytesAreThoseOfTheFormat) {
  SafetensorsFile file;
  file.metadata["k"] = "v";
  file.tensors.push_back({"a", Tensor::from<float>({1, 2}, {1.f, -2.f})});
  write_safetensors(path_, file);
  const std::string header =
      "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}       ";
  ASSERT_EQ(header.size() % 8, 0u);
  EXPECT_EQ(bytes(), file_of(header) + std::string("\0\0\x80\x3f\0\0\0\xc0", 8));
}

// Written by Python's safetensors 0.8: save({"b": float32 [[1, 2]], "a": int64 [3]}, metadata={"k": "v"}).
TEST(Safetensors, ReadsWhatPythonWrites) {
  const SafetensorsFile file =
      parse_bytes(file_of("{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,"
                          "8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]}} ") +
                  std::string("\3\0\0\0\0\0\0\0\0\0\x80\x3f\0\0\0\x40", 16));
  EXPECT_EQ(file.metadata.at("k"), "v");
  EXPECT_EQ(file.find("a")->at(0), 3);
  EXPECT_EQ(file.find("b")->at(1), 2);
  EXPECT_EQ(file.find("b")->shape(), (Shape{1, 2}));
}

TEST(Safetensors, OrderInTheHeaderDoesNotMatter) {
  const SafetensorsFile file = parse_bytes(
      file_of("{\"b\":{\"data_offsets\":[4,8],\"shape\":[],\"dtype\":\"F32\"},\"none\":{\"dtype\":\"F64\",\"shape\":[0]"
              ",\"data_offsets\":[4,4]},\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
              8));
  ASSERT_EQ(file.tensors.size(), 3u);
  EXPECT_EQ(file.tensors[0].name, "a");
  EXPECT_EQ(file.tensors[1].name, "none");
  EXPECT_EQ(file.tensors[2].name, "b");
  EXPECT_EQ(file.tensors[2].tensor.shape().rank(), 0);
  EXPECT_TRUE(parse_bytes(file_of("{}")).tensors.empty());
}

TEST(Safetensors, RefusesTruncationAndHugeHeaders) {
  EXPECT_EQ(refusal(""), "has 0 bytes, too few for a safetensors file; it is truncated or of another kind");
  EXPECT_EQ(refusal(std::string(7, 'x')),
            "has 7 bytes, too few for a safetensors file; it is truncated or of another kind");
  EXPECT_EQ(refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10)),
            "claims a header of 18446744073709551615 bytes, at most 100000000 are read; it is damaged or no "
            "safetensors file");
  EXPECT_EQ(refusal(file_of("{}").substr(0, 9)),
            "claims a header of 2 bytes, but 1 follow; it is truncated or no safetensors file");
  const std::string one = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
  EXPECT_EQ(refusal_of(one, 7), "the header describes 8 bytes of data, but the file has 7; it is truncated");
  EXPECT_EQ(refusal_of(one, 9), "the header describes 8 bytes of data, but the file has 9; it is damaged");
  EXPECT_EQ(refusal_of(one, 8), "");
}

TEST(Safetensors, RefusesWhatIsNotJson) {
  EXPECT_EQ(refusal_of(""), "the header does not begin with {; it is damaged or no safetensors file");
  EXPECT_EQ(refusal_of("[1]"), "the header does not begin with {; it is damaged or no safetensors file");
  EXPECT_EQ(
      refusal_of("{\"a\""),
      "the header is not JSON (at its byte 5); the file is damaged or no safetensors file, take another copy of it");
  EXPECT_EQ(
      refusal_of("{} x"),
      "the header is not JSON (at its byte 4); the file is damaged or no safetensors file, take another copy of it");
  EXPECT_NE(refusal_of("{\"\xff\":{}}"), "");
  EXPECT_EQ(refusal_of("{\"a\":" + std::string(1'000'000, '[')),
            "the header's entry \"a\" has a list where the format has none; the file is damaged or hostile, take "
            "another copy of it");
  std::string deep = "{\"a\":{\"shape\":";
  for (int i = 0; i < 100'000; ++i) deep += "{\"x\":";
  EXPECT_EQ(refusal_of(deep),
            "the header's entry \"a\" has an object where the format has none; the file is damaged or hostile, take "
            "another copy of it");
}

TEST(Safetensors, RefusesFieldsThatAreNotTheFormats) {
  const auto entry = [](const std::string& fields) { return refusal_of("{\"a\":{" + fields + "}}", 4); };
  const auto unexpected = [](const std::string& what) {
    return "the header's entry \"a\" has " + what +
           " where the format has none; the file is damaged or hostile, take another copy of it";
  };
  EXPECT_EQ(entry("\"shape\":[1],\"data_offsets\":[0,4]"),
            "tensor \"a\" lacks a complete \"dtype\"; the file is damaged, take another copy of it");
  EXPECT_EQ(entry("\"dtype\":\"F32\",\"data_offsets\":[0,4]"),
            "tensor \"a\" lacks a complete \"shape\"; the file is damaged, take another copy of it");
  EXPECT_EQ(entry("\"dtype\":\"F32\",\"shape\":[1]"),
            "tensor \"a\" lacks a complete \"data_offsets\"; the file is damaged, take another copy of it");
  EXPECT_EQ(entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]"),
            "tensor \"a\" lacks a complete \"data_offsets\"; the file is damaged, take another copy of it");
  EXPECT_EQ(entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]"), unexpected("more than two offsets"));
  EXPECT_EQ(entry("\"dtype\":\"BF16\""),
            "tensor \"a\" has element type \"BF16\"; F32, F64, I32 and I64 are read: convert it");
  EXPECT_EQ(entry("\"dtype\":4"), unexpected("a number"));
  EXPECT_EQ(entry("\"dtype\":[\"F32\"]"), unexpected("a list"));
  EXPECT_EQ(entry("\"dtype\":null"), unexpected("null"));
  EXPECT_EQ(entry("\"shape\":[true]"), unexpected("a truth value"));
  EXPECT_EQ(entry("\"shape\":[-1]"), unexpected("a negative number"));
  EXPECT_EQ(entry("\"shape\":[1.5]"), unexpected("a fraction or a number beyond 64 bits"));
  EXPECT_EQ(entry("\"shape\":[99999999999999999999]"), unexpected("a fraction or a number beyond 64 bits"));
  EXPECT_EQ(entry("\"shape\":[9223372036854775808]"), unexpected("an extent beyond 63 bits"));
  EXPECT_EQ(entry("\"shape\":[1,1,1,1,1,1,1,1,1]"), unexpected("more than 8 extents"));
  EXPECT_EQ(entry("\"shape\":[[1]]"), unexpected("a list"));
  EXPECT_EQ(entry("\"shape\":\"1\""), unexpected("a text"));
  EXPECT_EQ(entry("\"code\":\"1\""), unexpected("the unknown field \"code\""));
  EXPECT_EQ(entry("\"dtype\":\"F32\",\"dtype\":\"F32\""), unexpected("the field \"dtype\" twice"));
  EXPECT_EQ(refusal_of("{\"a\":1}"), unexpected("a number"));
  EXPECT_EQ(refusal_of("{\"__metadata__\":{\"k\":1}}"),
            "the header's entry \"__metadata__\" has a number where the format has none; the file is damaged or "
            "hostile, take another copy of it");
  EXPECT_EQ(refusal_of("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}"),
            "the header's entry \"__metadata__\" has the metadata key \"k\" twice where the format has none; the file "
            "is damaged or hostile, take another copy of it");
}

TEST(Safetensors, RefusesDuplicateNamesOverlapsAndHoles) {
  const auto tensor = [](const std::string& name, const std::string& offsets, const std::string& shape = "1") {
    return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[" + shape + "],\"data_offsets\":[" + offsets + "]}";
  };
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,4") + "," + tensor("a", "4,8") + "}", 8),
            "the header has the name \"a\" twice where the format has none; the file is damaged or hostile, take "
            "another copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,4") + "," + tensor("b", "0,4") + "}", 4),
            "tensor \"b\" begins at byte 0 of the data, but 4 was expected (an overlap); the file is damaged, take "
            "another copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,8", "2") + "," + tensor("b", "4,8") + "}", 8),
            "tensor \"b\" begins at byte 4 of the data, but 8 was expected (an overlap); the file is damaged, take "
            "another copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,4") + "," + tensor("b", "8,12") + "}", 12),
            "tensor \"b\" begins at byte 8 of the data, but 4 was expected (a hole); the file is damaged, take another "
            "copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "4,8") + "}", 8),
            "tensor \"a\" begins at byte 4 of the data, but 0 was expected (a hole); the file is damaged, take another "
            "copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,8") + "}", 8),
            "tensor \"a\" has data offsets 0 to 8, which do not match its type and shape; the file is damaged, take "
            "another copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "8,4") + "}", 8),
            "tensor \"a\" has data offsets 8 to 4, which do not match its type and shape; the file is damaged, take "
            "another copy of it");
  // 2^32 × 2^32 elements of 4 bytes wrap to zero bytes.
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,0", "4294967296,4294967296") + "}"),
            "tensor \"a\" has data offsets 0 to 0, which do not match its type and shape; the file is damaged, take "
            "another copy of it");
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,4611686018427387904", "1152921504606846976") + "}", 4),
            "the header describes 4611686018427387904 bytes of data, but the file has 4; it is truncated");
  EXPECT_EQ(refusal_of("{" + tensor("a", "0,0", "9223372036854775807,9223372036854775807,0") + "}"),
            "tensor \"a\": shape: [9223372036854775807, 9223372036854775807, 0] has more than 2^62 elements; the file "
            "is damaged, take another copy of it");
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const std::string whole = file_of(
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_"
      "offsets\":[8,16]}}",
      16);
  EXPECT_EQ(refusal(whole), "");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) EXPECT_NE(refusal(whole.substr(0, bytes)), "") << bytes;
}

// Files with random changes are read or refused; a refusal is one line.
TEST(Safetensors, DamagedFilesAreReadOrRefused) {
  const std::string whole = file_of(
      "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},\"b\":{"
      "\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}}",
      16);
  std::uint32_t random = 7;
  const auto draw = [&random](std::size_t bound) {
    random = random * 1664525u + 1013904223u;
    return static_cast<std::size_t>(random >> 8) % bound;
  };
  const std::string alphabet = "0123456789{}[]\",:-eE.\\ \n\xff";
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = whole;
    for (std::size_t change = 0; change <= draw(3); ++change)
      damaged[draw(damaged.size())] = alphabet[draw(alphabet.size())];
    EXPECT_EQ(refusal(damaged).find('\n'), std::string::npos);
  }
}

TEST_F(SafetensorsFileTest, RefusesToWriteWhatCannotBeRead) {
  const auto error_of = [&](const SafetensorsFile& file) -> std::string {
    try {
      write_safetensors(path_, file);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const Tensor one = Tensor::from<float>({1}, {1.f});
  SafetensorsFile twice, reserved, no_text, no_tensor;
  twice.tensors = {{"a", one}, {"a", one}};
  EXPECT_EQ(error_of(twice), path_ + ": cannot hold two things called \"a\"; rename one");
  reserved.tensors = {{"__metadata__", one}};
  EXPECT_EQ(error_of(reserved), path_ + ": cannot hold two things called \"__metadata__\"; rename one");
  no_text.tensors = {{"\xff", one}};
  EXPECT_EQ(error_of(no_text), path_ + ": a name or metadata text is not UTF-8; safetensors files hold nothing else");
  no_tensor.tensors = {{"a", Tensor()}};
  EXPECT_EQ(error_of(no_tensor), path_ + ": tensor \"a\" has no elements to write; give it a type");
  EXPECT_EQ(bytes(), "");
}

}  // namespace
}  // namespace hillock
