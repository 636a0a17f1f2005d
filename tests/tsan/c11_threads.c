/* C11 threads over POSIX ones, for the tsan preset only: librdkafka uses <threads.h>, which the thread
 * sanitizer does not know (it crashes in the first thread made by thrd_create, and sees no lock taken by
 * mtx_lock). glibc's types have the layout of the POSIX ones; so have these. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t), "glibc: one is the other");
_Static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t), "glibc: one is the other");

static int result(int failed)
{
    switch (failed) {
    case 0:
        return thrd_success;
    case ENOMEM:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    case EBUSY:
        return thrd_busy;
    default:
        return thrd_error;
    }
}

int thrd_create(thrd_t *thread, thrd_start_t start, void *context)
{
    /* An int as result instead of a pointer: on the platforms that we know both are in one register. */
    return result(pthread_create(thread, NULL, (void *(*)(void *))(uintptr_t)start, context));
}

thrd_t thrd_current(void)
{
    return pthread_self();
}

int thrd_join(thrd_t thread, int *value)
{
    void *end = NULL;
    int failed = pthread_join(thread, &end);
    if (value)
        *value = (int)(intptr_t)end;
    return result(failed);
}

int mtx_init(mtx_t *lock, int type)
{
    pthread_mutexattr_t attributes;
    (void)pthread_mutexattr_init(&attributes);
    if (type & mtx_recursive)
        (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    return result(pthread_mutex_init((pthread_mutex_t *)lock, &attributes));
}

int mtx_lock(mtx_t *lock)
{
    return result(pthread_mutex_lock((pthread_mutex_t *)lock));
}

int mtx_unlock(mtx_t *lock)
{
    return result(pthread_mutex_unlock((pthread_mutex_t *)lock));
}

void mtx_destroy(mtx_t *lock)
{
    (void)pthread_mutex_destroy((pthread_mutex_t *)lock);
}

int cnd_init(cnd_t *condition)
{
    return result(pthread_cond_init((pthread_cond_t *)condition, NULL));
}

int cnd_signal(cnd_t *condition)
{
    return result(pthread_cond_signal((pthread_cond_t *)condition));
}

int cnd_broadcast(cnd_t *condition)
{
    return result(pthread_cond_broadcast((pthread_cond_t *)condition));
}

int cnd_wait(cnd_t *condition, mtx_t *lock)
{
    return result(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)lock));
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict lock,
                  const struct timespec *restrict limit)
{
    return result(
        pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)lock, limit));
}

void cnd_destroy(cnd_t *condition)
{
    (void)pthread_cond_destroy((pthread_cond_t *)condition);
}

void call_once(once_flag *flag, void (*function)(void))
{
    (void)pthread_once((pthread_once_t *)flag, function);
}

/* librdkafka itself is not instrumented: that its last reference is gone, which an atomic counter says,
 * is unknown here when it frees. What our own code does with the same bytes is still watched. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:^rwlock_destroy$\nrace:^rd_segment_destroy$\nrace:^rd_list_destroy_elems$\n";
}
