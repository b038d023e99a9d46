/* SPDX-License-Identifier: Apache-2.0 */
#include "modes.h"

#include <string.h>

static void add(uint8_t *sum, const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        sum[i] = a[i] ^ b[i];
    }
}

/* From the second block of a message on the key is the same. */
static void block(crypto_lab *lab, bool decrypt, bool first,
                  const uint8_t in[16], uint8_t out[16])
{
    lab->in.decrypt = decrypt;
    lab->in.same_key = !first;
    lab_block(lab, in, out);
}

void mode_ecb(crypto_lab *lab, struct mode_message *m)
{
    for (size_t at = 0; at < m->len; at += 16) {
        block(lab, m->decrypt, at == 0, m->in + at, m->out + at);
    }
}

void mode_cbc(crypto_lab *lab, struct mode_message *m)
{
    for (size_t at = 0; at < m->len; at += 16) {
        uint8_t out[16];
        if (m->decrypt) {
            block(lab, true, at == 0, m->in + at, out);
            add(m->out + at, out, m->iv, 16);
            memcpy(m->iv, m->in + at, 16);
        } else {
            add(out, m->in + at, m->iv, 16);
            block(lab, false, at == 0, out, m->out + at);
            memcpy(m->iv, m->out + at, 16);
        }
    }
}

/* Segments of whole bytes; the text that was sent is shifted in. */
static void cfb(crypto_lab *lab, struct mode_message *m, size_t segment)
{
    for (size_t at = 0; at < m->len; at += segment) {
        uint8_t out[16];
        block(lab, false, at == 0, m->iv, out);
        add(m->out + at, m->in + at, out, segment);
        memmove(m->iv, m->iv + segment, 16 - segment);
        memcpy(m->iv + 16 - segment, (m->decrypt ? m->in : m->out) + at,
               segment);
    }
}

void mode_cfb8(crypto_lab *lab, struct mode_message *m)
{
    cfb(lab, m, 1);
}

void mode_cfb128(crypto_lab *lab, struct mode_message *m)
{
    cfb(lab, m, 16);
}

void mode_cfb1(crypto_lab *lab, struct mode_message *m)
{
    for (size_t at = 0; at < m->len; at++) {
        uint8_t out[16];
        block(lab, false, at == 0, m->iv, out);
        m->out[at] = m->in[at] ^ (uint8_t)(out[0] >> 7);
        for (size_t i = 0; i < 16; i++) {
            const uint8_t next =
                i < 15 ? m->iv[i + 1] >> 7 : (m->decrypt ? m->in : m->out)[at];
            m->iv[i] = (uint8_t)(m->iv[i] << 1 | next);
        }
    }
}

void mode_ofb(crypto_lab *lab, struct mode_message *m)
{
    for (size_t at = 0; at < m->len; at += 16) {
        block(lab, false, at == 0, m->iv, m->iv);
        add(m->out + at, m->in + at, m->iv, 16);
    }
}

void mode_ctr(crypto_lab *lab, struct mode_message *m)
{
    for (size_t at = 0; at < m->len; at += 16) {
        uint8_t out[16];
        const size_t part = m->len - at < 16 ? m->len - at : 16;
        block(lab, false, at == 0, m->iv, out);
        add(m->out + at, m->in + at, out, part);
        for (size_t i = 16; i > 0 && ++m->iv[i - 1] == 0; i--) {
        }
    }
}
