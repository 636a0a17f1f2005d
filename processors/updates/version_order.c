#include "version_order.h"

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Takes the digits at the front of `text`, without leading zeros. */
static struct wd_slice take_number(struct wd_slice *text)
{
    size_t zeros = 0;
    while (zeros < text->len && text->data[zeros] == '0') {
        zeros++;
    }
    size_t end = zeros;
    while (end < text->len && wd_text_is_digit(text->data[end])) {
        end++;
    }
    struct wd_slice number = {text->data + zeros, end - zeros};
    *text = wd_slice_from_offset(*text, end);
    return number;
}

static int compare_numbers(struct wd_slice a, struct wd_slice b)
{
    if (a.len != b.len) {
        return a.len < b.len ? -1 : 1;
    }
    return a.len == 0 ? 0 : sign(memcmp(a.data, b.data, a.len));
}

int wd_version_compare_labels(struct wd_slice a, struct wd_slice b)
{
    while (a.len > 0 && b.len > 0) {
        int order = 0;
        if (wd_text_is_digit(a.data[0]) && wd_text_is_digit(b.data[0])) {
            struct wd_slice number = take_number(&a);
            order = compare_numbers(number, take_number(&b));
        } else {
            order = (int)(unsigned char)a.data[0] - (int)(unsigned char)b.data[0];
            a = wd_slice_from_offset(a, 1);
            b = wd_slice_from_offset(b, 1);
        }
        if (order != 0) {
            return sign(order);
        }
    }
    return (a.len > 0) - (b.len > 0);
}

int wd_version_compare_times(struct wd_version_mark a, struct wd_version_mark b,
                             enum wd_version_basis *basis)
{
    bool times = a.time_known && b.time_known;
    *basis = times ? WD_BASIS_TIME : WD_BASIS_NONE;
    return times ? (a.time_ms > b.time_ms) - (a.time_ms < b.time_ms) : 0;
}

static int compare_by_label(struct wd_version_mark a, struct wd_version_mark b,
                            enum wd_version_basis *basis)
{
    bool labels = a.label.len > 0 && b.label.len > 0;
    *basis = labels ? WD_BASIS_VERSION : WD_BASIS_NONE;
    return labels ? wd_version_compare_labels(a.label, b.label) : 0;
}

int wd_version_compare(struct wd_version_mark a, struct wd_version_mark b,
                       enum wd_version_basis *basis)
{
    enum wd_version_order weaker = a.order < b.order ? a.order : b.order;
    if (weaker == WD_VERSION_ORDER_NONE) {
        return wd_version_compare_times(a, b, basis);
    }
    bool label_first = weaker == WD_VERSION_ORDER_NUMBER;
    int order = label_first ? compare_by_label(a, b, basis) : wd_version_compare_times(a, b, basis);
    if (order != 0) {
        return order;
    }
    enum wd_version_basis second = WD_BASIS_NONE;
    order = label_first ? wd_version_compare_times(a, b, &second) : compare_by_label(a, b, &second);
    *basis = order != 0 || *basis == WD_BASIS_NONE ? second : *basis;
    return order;
}
