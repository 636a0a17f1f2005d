#include "network.h"

#include "clones.h"
#include "tagger_hidden.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HIDDEN ((size_t)WD_MODEL_HIDDEN)
#define INPUTS ((size_t)WD_MODEL_INPUTS)
#define VECTOR ((size_t)WD_MODEL_VECTOR)
#define LANES ((size_t)WD_MODEL_LANES)
#define ALL ((size_t)WD_NETWORK_INPUTS)

enum {
    TOKENS = 4, /* and UNITS: a tile for which inputs and weights are loaded once */
    UNITS = 2,
    WIDTH = 8 /* sums side by side: an order of addition that does not depend on the machine */
};

typedef float eight __attribute__((vector_size(WIDTH * sizeof(float)), aligned(4), may_alias));

static_assert(WD_NETWORK_INPUTS % WIDTH == 0 && WD_MODEL_HIDDEN % UNITS == 0, "whole tiles only");

static const float input_unit = 1.0F / WD_HIDDEN_INPUT_ONE;
/* Below this a gradient moves nothing. */
static const float gradient_least = 1e-4F;

enum wd_status wd_network_init(struct wd_network *network)
{
    memset(network, 0, sizeof(*network));
    network->count = WD_NETWORK_UNITS + WD_NETWORK_OUTPUT + HIDDEN;
    network->weights = calloc(network->count, sizeof(float));
    network->gradients = calloc(network->count, sizeof(float));
    network->squares = calloc(network->count, sizeof(float));
    if (!network->weights || !network->gradients || !network->squares) {
        wd_network_finish(network);
        return WD_NO_MEMORY;
    }
    network->units = network->weights;
    network->output = network->units + WD_NETWORK_UNITS;
    network->bias = network->output + WD_NETWORK_OUTPUT;
    return WD_OK;
}

void wd_network_finish(struct wd_network *network)
{
    free(network->weights);
    free(network->gradients);
    free(network->squares);
    free(network->tokens);
    memset(network, 0, sizeof(*network));
}

void wd_network_reset(struct wd_network *network, uint32_t seed)
{
    uint64_t state = UINT64_C(0x853C49E6748FEA9B) + seed;
    for (size_t k = 0; k < network->count; k++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        float share = (float)(state >> 40) / 16777216.0F - 0.5F;
        network->weights[k] = share * 0.12F;
        network->squares[k] = 0.01F;
        network->gradients[k] = 0.0F;
    }
    for (size_t k = 0; k < WD_NETWORK_OUTPUT; k++)
        network->output[k] *= 4.0F;
    for (size_t h = 0; h < HIDDEN; h++)
        network->bias[h] = 0.0F;
    network->token_count = 0;
}

static float *widen(float *out, const int16_t *in, size_t count)
{
    for (size_t k = 0; k < count; k++)
        out[k] = (float)in[k] * input_unit;
    return out + count;
}

void wd_network_add(struct wd_network *network, const struct wd_network_view *view)
{
    if (network->token_count == network->token_capacity) {
        network->token_capacity = network->token_capacity ? network->token_capacity * 2 : 64;
        network->tokens =
            realloc(network->tokens, network->token_capacity * sizeof(*network->tokens));
        if (!network->tokens)
            abort(); /* a program for the desk: nothing to save */
    }
    struct wd_network_token *token = &network->tokens[network->token_count++];
    memset(token->gradient, 0, sizeof(token->gradient));
    float *out = token->inputs;
    for (int at = 0; at < WD_MODEL_WINDOW; at++)
        out = widen(out, view->words[at], INPUTS);
    for (int bag = 0; bag < WD_MODEL_BAGS; bag++)
        out = widen(out, view->bags[bag], VECTOR);
}

/* Sums of UNITS units for `count` (at most TOKENS) tokens; a token's bits do not depend on its neighbours. */
static inline void sum_tile(const float *weights, struct wd_network_token *tokens, size_t count,
                            size_t unit)
{
    eight sums[UNITS][TOKENS] = {0};
    const float *inputs[TOKENS];
    for (size_t i = 0; i < TOKENS; i++)
        inputs[i] = tokens[i < count ? i : 0].inputs;
    for (size_t k = 0; k < ALL; k += WIDTH) {
        for (size_t u = 0; u < UNITS; u++) {
            eight weight = *(const eight *)(weights + u * ALL + k);
            for (size_t i = 0; i < TOKENS; i++)
                sums[u][i] += weight * *(const eight *)(inputs[i] + k);
        }
    }
    for (size_t u = 0; u < UNITS; u++) {
        for (size_t i = 0; i < count; i++) {
            eight s = sums[u][i];
            tokens[i].on[unit + u] =
                ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
        }
    }
}

static WD_CLONES void sum_units(struct wd_network *network)
{
    for (size_t h = 0; h < HIDDEN; h += UNITS) {
        for (size_t i = 0; i < network->token_count; i += TOKENS) {
            size_t left = network->token_count - i;
            sum_tile(network->units + h * ALL, network->tokens + i, left < TOKENS ? left : TOKENS,
                     h);
        }
    }
}

void wd_network_score(struct wd_network *network)
{
    sum_units(network);
    for (size_t i = 0; i < network->token_count; i++) {
        struct wd_network_token *token = &network->tokens[i];
        memset(token->scores, 0, sizeof(token->scores));
        for (size_t h = 0; h < HIDDEN; h++) {
            float sum = token->on[h] + network->bias[h];
            token->on[h] = sum > 0.0F ? sum : 0.0F;
            for (size_t lane = 0; lane < LANES; lane++)
                token->scores[lane] += token->on[h] * network->output[h * LANES + lane];
        }
    }
}

static bool is_small(const float gradient[WD_MODEL_LANES])
{
    for (size_t lane = 0; lane < LANES; lane++) {
        if (fabsf(gradient[lane]) > gradient_least)
            return false;
    }
    return true;
}

static WD_CLONES void add_scaled(float *restrict sums, const float *restrict inputs, float scale)
{
    for (size_t k = 0; k < ALL; k += WIDTH)
        *(eight *)(sums + k) += scale * *(const eight *)(inputs + k);
}

static void differentiate(struct wd_network *network, const struct wd_network_token *token)
{
    float *output = network->gradients + WD_NETWORK_UNITS;
    float *bias = output + WD_NETWORK_OUTPUT;
    for (size_t h = 0; h < HIDDEN; h++) {
        if (token->on[h] <= 0.0F)
            continue;
        float back = 0.0F;
        for (size_t lane = 0; lane < LANES; lane++) {
            output[h * LANES + lane] += token->on[h] * token->gradient[lane];
            back += network->output[h * LANES + lane] * token->gradient[lane];
        }
        bias[h] += back;
        add_scaled(network->gradients + h * ALL, token->inputs, back);
    }
}

static WD_CLONES void take_step(struct wd_network *network, float rate)
{
    for (size_t k = 0; k < network->count; k++) {
        float g = network->gradients[k];
        network->squares[k] += g * g;
        network->weights[k] -= rate * g / sqrtf(network->squares[k]);
        network->gradients[k] = 0.0F;
    }
}

void wd_network_learn(struct wd_network *network, float rate)
{
    for (size_t i = 0; i < network->token_count; i++) {
        if (!is_small(network->tokens[i].gradient))
            differentiate(network, &network->tokens[i]);
    }
    take_step(network, rate);
    network->token_count = 0;
}
