#include <gtest/gtest.h>

#include <array>
#include <payload/object_reader.hpp>

namespace payload {
namespace {

constexpr std::array item_rules{Rule{"sku", Kind::word, 1, 5}, Rule{"qty", Kind::integer, 1, 9}};
constexpr std::array rules{Rule{"id", Kind::integer, 1, 99}, Rule{"name", Kind::text, 0, 0, false},
                           Rule{"at", Kind::instant, 0, 0, false},
                           Rule{"items", Kind::list, 0, 3, false, item_rules}};
enum { id, name, at, items };

class ObjectReaderTest : public ::testing::Test {
 protected:
  std::string detail(std::string_view text) {
    const Problem* problem = strict_.read(text);
    return problem == nullptr ? "" : problem->detail;
  }
  ObjectReader strict_{rules, Unknown::refuse, "body"};
  ObjectReader lenient_{rules, Unknown::ignore, "value"};
};

TEST_F(ObjectReaderTest, keeps_every_field) {
  ASSERT_EQ(detail(R"({"items":[{"qty":2,"sku":"a"},{"sku":"b","qty":3}],"name":"x","id":7})"), "");
  EXPECT_EQ(strict_.value(id).integer, 7);
  EXPECT_EQ(strict_.value(name).text, "x");
  ASSERT_EQ(strict_.item_count(), 2u);
  EXPECT_EQ(strict_.item_value(0, 0).text, "a");
  EXPECT_EQ(strict_.item_value(1, 1).integer, 3);
}

TEST_F(ObjectReaderTest, keeps_nothing_of_the_object_before) {
  ASSERT_EQ(detail(R"({"id":7,"name":"x","items":[{"sku":"a","qty":1}]})"), "");
  ASSERT_EQ(detail(R"({"id":8})"), "");
  EXPECT_FALSE(strict_.value(name).present);
  EXPECT_EQ(strict_.value(name).text, "");
  EXPECT_EQ(strict_.item_count(), 0u);
}

TEST_F(ObjectReaderTest, counts_a_null_as_not_there) {
  EXPECT_EQ(detail(R"({"id":7,"name":null,"items":null})"), "");
  EXPECT_EQ(detail(R"({"id":null})"), "id: is missing");
}

TEST_F(ObjectReaderTest, refuses_or_ignores_what_no_rule_names) {
  const std::string text = R"({"more":{"id":0,"items":[[1,{"id":2}]]},"id":7,"note":[null,"x"]})";
  EXPECT_EQ(detail(text), "more: is not a known field");
  EXPECT_EQ(lenient_.read(text), nullptr);
  EXPECT_EQ(lenient_.value(id).integer, 7);
}

TEST_F(ObjectReaderTest, names_the_first_wrong_field) {
  EXPECT_EQ(detail(R"({"items":[{"sku":"a","qty":1},{"sku":"a","qty":10}],"id":"x"})"),
            "items[1].qty: must be an integer from 1 to 9, got 10");
}

TEST_F(ObjectReaderTest, tells_which_field_by_itself) {
  const Problem* problem = strict_.read(R"({"id":1,"items":[{"sku":"a"}]})");
  ASSERT_NE(problem, nullptr);
  EXPECT_EQ(problem->field, "items[0].qty");
  EXPECT_EQ(problem->status, 422);
}

TEST_F(ObjectReaderTest, goes_on_after_a_wrong_field) {
  ASSERT_NE(strict_.read(R"({"id":0,"name":"x"})"), nullptr);
  EXPECT_FALSE(strict_.value(id).present);
  EXPECT_EQ(strict_.value(name).text, "x");
}

TEST_F(ObjectReaderTest, counts_items_after_those_of_other_kinds) {
  EXPECT_EQ(detail(R"({"id":1,"items":[1,[],null,"x"]})"), "items[0]: must be an object, got 1");
}

TEST_F(ObjectReaderTest, refuses_more_items_than_the_rule_has) {
  const std::string one = R"({"sku":"a","qty":1})";
  EXPECT_EQ(detail(R"({"id":1,"items":[)" + one + "," + one + "," + one + "," + one + "]}"),
            "items: must be an array of 0 to 3 items, got 4");
}

TEST_F(ObjectReaderTest, reads_texts_with_escapes_that_come_in_parts) {
  ASSERT_EQ(detail(R"({"\u0069d":7,"name":"a\u00e9\n\"b"})"), "");
  EXPECT_EQ(strict_.value(id).integer, 7);
  EXPECT_EQ(strict_.value(name).text, "a\xC3\xA9\n\"b");
}

TEST_F(ObjectReaderTest, refuses_what_is_too_large_unread) {
  std::string text = R"({"id":7})";
  text.append(ObjectReader::max_bytes - text.size(), ' ');
  EXPECT_EQ(strict_.read(text), nullptr);
  const Problem* problem = strict_.read(text + ' ');
  ASSERT_NE(problem, nullptr);
  EXPECT_EQ(problem->status, 413);
}

TEST_F(ObjectReaderTest, refuses_every_prefix_of_an_object) {
  const std::string text = R"({"items":[{"qty":2,"sku":"a"}],"name":"\u00e9","id":7})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Problem* problem = strict_.read(std::string_view(text).substr(0, size));
    ASSERT_NE(problem, nullptr) << size;
    EXPECT_EQ(problem->status, 400) << size;
  }
}

TEST_F(ObjectReaderTest, survives_every_single_byte_replaced) {
  const std::string text = R"({"items":[{"qty":2,"sku":"a"}],"name":"\u00e9","id":7})";
  for (std::size_t at_byte = 0; at_byte < text.size(); ++at_byte) {
    for (const char byte : {'\0', '"', '{', '}', '[', ']', ',', '9', '\\', '\xff'}) {
      std::string changed = text;
      changed[at_byte] = byte;
      if (const Problem* problem = strict_.read(changed)) {
        EXPECT_FALSE(problem->detail.empty()) << changed;
      }
    }
  }
}

}  // namespace
}  // namespace payload
