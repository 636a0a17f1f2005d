#include "eval_score.h"

#include <stdlib.h>

struct wd_eval_share wd_eval_share_of(uint64_t right, uint64_t wrong, uint64_t missed)
{
    struct wd_eval_share share = {1, 1, 0};
    if (right + wrong > 0)
        share.precision = (double)right / (double)(right + wrong);
    if (right + missed > 0)
        share.recall = (double)right / (double)(right + missed);
    if (share.precision + share.recall > 0)
        share.f1 = 2 * share.precision * share.recall / (share.precision + share.recall);
    return share;
}

struct cell {
    size_t wanted, found;
};

static int compare_cells(const void *a, const void *b)
{
    const struct cell *x = a;
    const struct cell *y = b;
    if (x->wanted != y->wanted)
        return x->wanted < y->wanted ? -1 : 1;
    return (x->found > y->found) - (x->found < y->found);
}

static double pairs_of(double count)
{
    return count * (count - 1) / 2;
}

/* Sums over the cells of the table wanted x found. */
struct sums {
    double pairs_both, pairs_wanted, pairs_found;
    double precision, recall;
};

static void sum_cells(const struct cell *cells, size_t count, const size_t *wanted_sizes,
                      const size_t *found_sizes, struct sums *sums)
{
    for (size_t begin = 0; begin < count;) {
        size_t end = begin;
        while (end < count && compare_cells(&cells[begin], &cells[end]) == 0)
            end++;
        double both = (double)(end - begin);
        sums->pairs_both += pairs_of(both);
        sums->precision += both * both / (double)found_sizes[cells[begin].found];
        sums->recall += both * both / (double)wanted_sizes[cells[begin].wanted];
        begin = end;
    }
    for (size_t i = 0; i < count; i++) {
        sums->pairs_wanted += pairs_of((double)wanted_sizes[i]);
        sums->pairs_found += pairs_of((double)found_sizes[i]);
    }
}

bool wd_eval_compare_groups(const size_t *wanted, const size_t *found, size_t count,
                            struct wd_eval_groups *groups)
{
    struct cell *cells = malloc((count + 1) * sizeof(*cells));
    size_t *wanted_sizes = calloc(count + 1, sizeof(*wanted_sizes));
    size_t *found_sizes = calloc(count + 1, sizeof(*found_sizes));
    struct sums sums = {0};
    bool good = cells && wanted_sizes && found_sizes;
    for (size_t i = 0; good && i < count; i++) {
        cells[i] = (struct cell){wanted[i], found[i]};
        wanted_sizes[wanted[i]]++;
        found_sizes[found[i]]++;
    }
    if (good && count > 0) {
        qsort(cells, count, sizeof(*cells), compare_cells);
        sum_cells(cells, count, wanted_sizes, found_sizes, &sums);
        double expected =
            sums.pairs_wanted * sums.pairs_found / (count > 1 ? pairs_of((double)count) : 1);
        double most = (sums.pairs_wanted + sums.pairs_found) / 2;
        groups->ari = most > expected ? (sums.pairs_both - expected) / (most - expected) : 1;
        struct wd_eval_share *share = &groups->b_cubed;
        share->precision = sums.precision / (double)count;
        share->recall = sums.recall / (double)count;
        share->f1 = 2 * share->precision * share->recall / (share->precision + share->recall);
    }
    free(cells);
    free(wanted_sizes);
    free(found_sizes);
    return good;
}
