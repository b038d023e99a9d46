/* SPDX-License-Identifier: Apache-2.0 */
/* The master key file: plain, or under a passphrase through scrypt and
 * AES-256-GCM, whose associated data is all that stands before the key. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "authority_internal.h"
#include "big_endian.h"
#include "crc32.h"
#include "file.h"

/* Offsets; docs/authority.md. */
enum {
    AT_MAGIC = 0,
    AT_VERSION = 4,
    AT_KIND = 5,
    AT_LOG_N = 6, /* scrypt: N is 2 to the power of this */
    AT_R = 7,
    AT_P = 8,
    AT_SALT = 16,
    AT_NONCE = 32,
    AT_KEY = 48,
    AT_TAG = AT_KEY + SDV_KEY_BYTES,
    AT_CRC = AT_TAG + 16,
    FILE_BYTES = AT_CRC + 4
};
enum { SALT_BYTES = 16, NONCE_BYTES = 12, TAG_BYTES = 16 };
enum { KIND_PLAIN = 0, KIND_PASSPHRASE = 1 };
enum { FORMAT_VERSION = 1, LOG_N = 15, R = 8, P = 1 };
/* A file may ask for this much and no more. */
enum { LOG_N_MAX = 20, R_MAX = 16, P_MAX = 16 };

static const uint8_t magic[] = {'S', 'D', 'V', 'K'};

/* The key that the passphrase stands for. */
static sdv_err stretch(const uint8_t *file, const char *passphrase,
                       uint8_t key[SDV_KEY_BYTES])
{
    const uint64_t n = UINT64_C(1) << file[AT_LOG_N];
    const uint64_t memory =
        128 * (n + file[AT_P]) * file[AT_R] + (UINT64_C(1) << 20);

    return EVP_PBE_scrypt(passphrase, strlen(passphrase), file + AT_SALT,
                          SALT_BYTES, n, file[AT_R], file[AT_P], memory, key,
                          SDV_KEY_BYTES) == 1
               ? SDV_OK
               : SDV_ERR_CRYPTO;
}

/* Encrypt or decrypt the key in its place; 0 when that fails. */
static int gcm(EVP_CIPHER_CTX *run, uint8_t *file, const uint8_t *key,
               int encrypt)
{
    const int control = encrypt ? EVP_CTRL_AEAD_GET_TAG : EVP_CTRL_AEAD_SET_TAG;
    uint8_t nothing[SDV_KEY_BYTES]; /* GCM has no last block */
    int size;

    return EVP_CipherInit_ex2(run, EVP_aes_256_gcm(), key, file + AT_NONCE,
                              encrypt, NULL) == 1 &&
           EVP_CipherUpdate(run, NULL, &size, file, AT_KEY) == 1 &&
           EVP_CipherUpdate(run, file + AT_KEY, &size, file + AT_KEY,
                            SDV_KEY_BYTES) == 1 &&
           (encrypt ||
            EVP_CIPHER_CTX_ctrl(run, control, TAG_BYTES, file + AT_TAG) == 1) &&
           EVP_CipherFinal_ex(run, nothing, &size) == 1 &&
           (!encrypt ||
            EVP_CIPHER_CTX_ctrl(run, control, TAG_BYTES, file + AT_TAG) == 1);
}

static sdv_err crypt(uint8_t *file, const char *passphrase, int encrypt)
{
    uint8_t key[SDV_KEY_BYTES];
    EVP_CIPHER_CTX *run = EVP_CIPHER_CTX_new();
    sdv_err err = stretch(file, passphrase, key);

    if (run == NULL) {
        err = SDV_ERR_NO_MEMORY;
    }
    if (err == SDV_OK && !gcm(run, file, key, encrypt)) {
        err = encrypt ? SDV_ERR_CRYPTO : SDV_ERR_PASSPHRASE;
    }
    EVP_CIPHER_CTX_free(run);
    OPENSSL_cleanse(key, sizeof(key));
    return err;
}

static sdv_err protect(uint8_t *file, const char *passphrase)
{
    file[AT_KIND] = KIND_PASSPHRASE;
    file[AT_LOG_N] = LOG_N;
    file[AT_R] = R;
    file[AT_P] = P;
    if (RAND_bytes(file + AT_SALT, SALT_BYTES) != 1 ||
        RAND_bytes(file + AT_NONCE, NONCE_BYTES) != 1) {
        return SDV_ERR_CRYPTO;
    }
    return crypt(file, passphrase, 1);
}

sdv_err master_create(const char *path, const char *passphrase,
                      const uint8_t master[SDV_KEY_BYTES])
{
    uint8_t file[FILE_BYTES] = {0};
    sdv_err err = SDV_OK;

    memcpy(file + AT_MAGIC, magic, sizeof(magic));
    file[AT_VERSION] = FORMAT_VERSION;
    file[AT_KIND] = KIND_PLAIN;
    memcpy(file + AT_KEY, master, SDV_KEY_BYTES);
    if (passphrase != NULL) {
        err = protect(file, passphrase);
    }
    be_put(file + AT_CRC, 4, crc32_of(file, AT_CRC));
    if (err == SDV_OK) {
        err = file_create(path, file, sizeof(file));
    }
    OPENSSL_cleanse(file, sizeof(file));
    return err;
}

static int is_known(const uint8_t *file)
{
    if (file[AT_VERSION] != FORMAT_VERSION) {
        return 0;
    }
    return file[AT_KIND] == KIND_PLAIN ||
           (file[AT_KIND] == KIND_PASSPHRASE && file[AT_LOG_N] > 0 &&
            file[AT_LOG_N] <= LOG_N_MAX && file[AT_R] > 0 &&
            file[AT_R] <= R_MAX && file[AT_P] > 0 && file[AT_P] <= P_MAX);
}

/* The file, whole and of a kind that is known. */
static sdv_err load(const char *path, uint8_t file[FILE_BYTES])
{
    uint8_t bytes[FILE_BYTES + 1]; /* one more shows "too long" */
    size_t size;
    sdv_err err = file_read(path, bytes, sizeof(bytes), &size);

    if (err != SDV_OK) {
        return err;
    }
    if (size < sizeof(magic) || memcmp(bytes, magic, sizeof(magic)) != 0) {
        err = SDV_ERR_MASTER_FOREIGN;
    } else if (size != FILE_BYTES ||
               be_get32(bytes + AT_CRC) != crc32_of(bytes, AT_CRC)) {
        err = SDV_ERR_MASTER_TORN;
    } else if (!is_known(bytes)) {
        err = SDV_ERR_MASTER_FOREIGN;
    }
    memcpy(file, bytes, FILE_BYTES);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    return err;
}

sdv_err master_load(const char *path, const char *passphrase,
                    uint8_t master[SDV_KEY_BYTES])
{
    uint8_t file[FILE_BYTES];
    sdv_err err = load(path, file);

    if (err == SDV_OK && file[AT_KIND] == KIND_PASSPHRASE) {
        err = passphrase != NULL ? crypt(file, passphrase, 0)
                                 : SDV_ERR_PASSPHRASE;
    }
    if (err == SDV_OK) {
        memcpy(master, file + AT_KEY, SDV_KEY_BYTES);
    } else {
        memset(master, 0, SDV_KEY_BYTES);
    }
    OPENSSL_cleanse(file, sizeof(file));
    return err;
}

sdv_err master_is_protected(const char *path, bool *protected_)
{
    uint8_t file[FILE_BYTES];
    const sdv_err err = load(path, file);

    *protected_ = err == SDV_OK && file[AT_KIND] == KIND_PASSPHRASE;
    OPENSSL_cleanse(file, sizeof(file));
    return err;
}
