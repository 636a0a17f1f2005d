#include "digest.h"

#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#define WIDE_XXHASH
#include <xxh_x86dispatch.h> /* the same hashes with the widest registers that the processor has */
#endif

/* libxxhash comes back from its AVX code with the upper halves of registers in use (0.8.1 does): after that each SSE
 * instruction waits for the last one to write the same register, until somebody clears them. What reads a story goes
 * on behind its digest: cohesion.c took 756 cycles a story of reuters21578 instead of 588. */
static inline void clear_upper_halves(void)
{
#ifdef WIDE_XXHASH
    if (__builtin_cpu_supports("avx"))
        __asm__ volatile("vzeroupper" ::: "memory");
#endif
}

/* Never within a function that has such halves itself. */
__attribute__((noinline)) struct wd_digest wd_digest_of(const void *bytes, size_t len)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, len));
    clear_upper_halves();
    struct wd_digest digest;
    memcpy(digest.bytes, canonical.digest, sizeof(digest.bytes));
    return digest;
}

/* Without a table: the compiler takes all digits at once. */
void wd_digest_hex(struct wd_digest digest, char hex[WD_DIGEST_HEX_SIZE])
{
    enum { LETTERS = 'a' - '0' - 10 };
    unsigned char digits[WD_DIGEST_HEX_SIZE - 1];
    for (size_t i = 0; i < WD_DIGEST_BYTES; i++) {
        digits[2 * i] = digest.bytes[i] >> 4;
        digits[2 * i + 1] = digest.bytes[i] & 15;
    }
    for (size_t i = 0; i < sizeof(digits); i++)
        hex[i] = (char)('0' + digits[i] + (digits[i] > 9 ? LETTERS : 0));
    hex[WD_DIGEST_HEX_SIZE - 1] = '\0';
}

bool wd_digest_from_hex(struct wd_slice hex, struct wd_digest *digest)
{
    static const char digits[] = "0123456789abcdef";
    if (hex.len != WD_DIGEST_HEX_SIZE - 1)
        return false;
    memset(digest, 0, sizeof(*digest));
    for (size_t i = 0; i < hex.len; i++) {
        const char *digit = memchr(digits, hex.data[i], sizeof(digits) - 1);
        if (!digit)
            return false;
        digest->bytes[i / 2] = (uint8_t)(digest->bytes[i / 2] << 4 | (digit - digits));
    }
    return true;
}
