#include "network.h"

#include "clones.h"
#include "tagger_hidden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HIDDEN ((size_t)WD_MODEL_HIDDEN)
#define INPUTS ((size_t)WD_MODEL_INPUTS)
#define VECTOR ((size_t)WD_MODEL_VECTOR)
#define LANES ((size_t)WD_MODEL_LANES)
#define WINDOW ((size_t)WD_MODEL_WINDOW)
#define BAGS ((size_t)WD_MODEL_BAGS)

static const float input_unit = 1.0F / WD_HIDDEN_INPUT_ONE;

enum wd_status wd_network_init(struct wd_network *network)
{
    memset(network, 0, sizeof(*network));
    network->count = WD_NETWORK_WORDS + WD_NETWORK_BAGS + WD_NETWORK_OUTPUT + HIDDEN;
    network->weights = calloc(network->count, sizeof(float));
    network->gradients = calloc(network->count, sizeof(float));
    network->squares = calloc(network->count, sizeof(float));
    if (!network->weights || !network->gradients || !network->squares) {
        wd_network_finish(network);
        return WD_NO_MEMORY;
    }
    network->words = network->weights;
    network->bags = network->words + WD_NETWORK_WORDS;
    network->output = network->bags + WD_NETWORK_BAGS;
    network->bias = network->output + WD_NETWORK_OUTPUT;
    return WD_OK;
}

void wd_network_finish(struct wd_network *network)
{
    free(network->weights);
    free(network->gradients);
    free(network->squares);
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
    network->pending = 0;
}

static inline float dot(const float *restrict weights, const int16_t *restrict inputs, size_t count)
{
    float sums[8] = {0.0F};
    size_t rest = count / 8 * 8;
    for (size_t k = 0; k < rest; k += 8) {
        for (size_t j = 0; j < 8; j++)
            sums[j] += weights[k + j] * (float)inputs[k + j];
    }
    for (size_t j = 0; j < count % 8; j++)
        sums[j] += weights[rest + j] * (float)inputs[rest + j];
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
           ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

WD_CLONES void wd_network_score(const struct wd_network *network, struct wd_network_view *view,
                                float scores[WD_MODEL_LANES])
{
    for (size_t h = 0; h < HIDDEN; h++) {
        float sum = 0.0F;
        for (size_t at = 0; at < WINDOW; at++)
            sum += dot(network->words + (at * HIDDEN + h) * INPUTS, view->words[at], INPUTS);
        for (size_t bag = 0; bag < BAGS; bag++)
            sum += dot(network->bags + (bag * HIDDEN + h) * VECTOR, view->bags[bag], VECTOR);
        sum = sum * input_unit + network->bias[h];
        view->on[h] = sum > 0.0F ? sum : 0.0F;
        for (size_t lane = 0; lane < LANES; lane++)
            scores[lane] += view->on[h] * network->output[h * LANES + lane];
    }
}

static inline void add_scaled(float *restrict sums, const int16_t *restrict inputs, float scale,
                              size_t count)
{
    for (size_t k = 0; k < count; k++)
        sums[k] += scale * (float)inputs[k];
}

WD_CLONES void wd_network_differentiate(struct wd_network *network,
                                        const struct wd_network_view *view,
                                        const float gradient[WD_MODEL_LANES])
{
    float *words = network->gradients;
    float *bags = words + WD_NETWORK_WORDS;
    float *output = bags + WD_NETWORK_BAGS;
    float *bias = output + WD_NETWORK_OUTPUT;
    for (size_t h = 0; h < HIDDEN; h++) {
        if (view->on[h] <= 0.0F)
            continue;
        float back = 0.0F;
        for (size_t lane = 0; lane < LANES; lane++) {
            output[h * LANES + lane] += view->on[h] * gradient[lane];
            back += network->output[h * LANES + lane] * gradient[lane];
        }
        bias[h] += back;
        back *= input_unit;
        for (size_t at = 0; at < WINDOW; at++)
            add_scaled(words + (at * HIDDEN + h) * INPUTS, view->words[at], back, INPUTS);
        for (size_t bag = 0; bag < BAGS; bag++)
            add_scaled(bags + (bag * HIDDEN + h) * VECTOR, view->bags[bag], back, VECTOR);
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

void wd_network_end_example(struct wd_network *network, float rate)
{
    if (++network->pending < WD_NETWORK_BATCH)
        return;
    take_step(network, rate);
    network->pending = 0;
}
