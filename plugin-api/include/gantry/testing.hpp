// Testing a handler without Kafka: a fake host that feeds messages and tells what became of them.
// The standard library only, for any test framework. See plugin-api/README.md.
//
//   gantry::testing::FakeHost host(gantry::handler<Audit>("audit"));
//   host.set("max_bytes", 3);
//   EXPECT_TRUE(host.deliver(gantry::testing::message("1234")).is_reject());
#pragma once

#include <gantry/plugin.hpp>
#include <gantry/testing/fake_host.hpp>
