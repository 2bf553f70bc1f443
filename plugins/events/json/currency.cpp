#include "currency.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace orders {
namespace {

// Active alphabetic codes that have a minor unit, in alphabetical order; also in
// schema/order_created_event.schema.json, which a test compares. Not here: metals, units of account
// and codes for testing (no minor unit), withdrawn codes.
constexpr std::string_view codes =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN "
    "ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP "
    "PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV "
    "WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";
constexpr std::size_t step = 4;  // three letters and a blank

constexpr std::size_t count = (codes.size() + 1) / step;

constexpr std::array<std::string_view, count> split() {
  std::array<std::string_view, count> all;
  for (std::size_t i = 0; i < count; ++i) all[i] = codes.substr(i * step, 3);
  return all;
}
constexpr std::array<std::string_view, count> sorted_codes = split();
static_assert(std::is_sorted(sorted_codes.begin(), sorted_codes.end()));

}  // namespace

bool is_currency(std::string_view code) {
  return std::binary_search(sorted_codes.begin(), sorted_codes.end(), code);
}

std::span<const std::string_view> currencies() { return sorted_codes; }

}  // namespace orders
