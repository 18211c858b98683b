/*
 * libcamera for callers that have no C++: plain functions, integer handles, fixed layouts.
 *
 * Every function returns 0 or more on success and -errno on failure; rspy_camera_last_error() then has
 * one sentence, of this thread. No exception and no callback crosses this border. A handle that was
 * closed, or never given, is -EBADF. All functions may be called from any thread.
 *
 *   open ─► configure ─► start ─► wait/next/requeue … ─► stop ─► release ─► close
 *                          ▲                               │
 *                          └───────────────────────────────┘
 *
 * release gives the camera back to the system and leaves the pictures mapped; close unmaps them too.
 * Both do what comes before them where it was left out.
 */
#ifndef RSPY_CAMERA_H
#define RSPY_CAMERA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RSPY_API __attribute__((visibility("default")))

/* Raised with every change of a function or a layout below; the caller compares. */
#define RSPY_CAMERA_ABI 2

enum { RSPY_MAX_PLANES = 3, RSPY_MAX_STREAMS = 2 };

/* What is asked for. A size of 0x0 for the second stream: none. FourCCs are those of DRM. */
struct rspy_ask {
  int32_t width;
  int32_t height;
  uint32_t fourcc;
  int32_t lores_width;
  int32_t lores_height;
  uint32_t lores_fourcc;
  int32_t buffers;  /* pictures in flight at the most */
  int32_t rotation; /* clockwise: 0, 90, 180, 270 */
};

enum rspy_range { RSPY_RANGE_UNKNOWN = 0, RSPY_RANGE_LIMITED = 1, RSPY_RANGE_FULL = 2 };

/* What one stream was granted. */
struct rspy_stream {
  int32_t width;
  int32_t height;
  uint32_t fourcc;
  int32_t planes;
  int32_t buffers;
  int32_t range; /* enum rspy_range */
};

/*
 * Where a plane of a picture lies in this process, and in its dmabuf; the descriptor stays the
 * shim's, and is open until the camera is closed.
 */
struct rspy_plane {
  int64_t address;
  int64_t length;
  int64_t offset; /* in the dmabuf */
  int32_t stride;
  int32_t fd; /* dmabuf */
};

enum rspy_status {
  RSPY_FRAME_GOOD = 0,
  RSPY_FRAME_DAMAGED = 1,
  RSPY_FRAME_CANCELLED = 2, /* the front end gave up, or the camera is gone */
  RSPY_FRAME_STARTUP = 3    /* exposure and colours are not settled yet */
};

/* A completed request: one picture of each stream, in the buffers of this index. */
struct rspy_frame {
  int64_t timestamp_ns; /* of the sensor, by the kernel's monotonic clock */
  int64_t sequence;     /* a hole is a picture that was lost */
  int32_t buffer;
  int32_t status;                       /* enum rspy_status */
  int32_t bytes_used[RSPY_MAX_STREAMS]; /* over all planes */
};

RSPY_API int32_t rspy_camera_abi(void);

/* The library's version, for messages. Never null. */
RSPY_API const char *rspy_camera_version(void);

/* Why this thread's latest failing call failed. Never null; valid until its next call. */
RSPY_API const char *rspy_camera_last_error(void);

/* A line for each camera: id, tab, model. Text functions end with a NUL, and return how many bytes
 * the whole text needs with it: call again with more room where that is more than the capacity. */
RSPY_API int32_t rspy_camera_list(char *into, int32_t capacity);

/* A camera by its number in the list, its id, or a part of id or model that only it has. -ENODEV: none
 * such; -EBUSY: somebody has it. Returns a handle. */
RSPY_API int32_t rspy_camera_open(const char *which);

/* The id of an open camera. */
RSPY_API int32_t rspy_camera_id(int32_t handle, char *into, int32_t capacity);

/* Sets sizes and formats, allocates and maps the buffers. Writes one rspy_stream for each stream
 * asked for and returns their number. Sizes may differ from what was asked; formats may not. */
RSPY_API int32_t rspy_camera_configure(int32_t handle, const struct rspy_ask *ask,
                                       struct rspy_stream granted[RSPY_MAX_STREAMS]);

/* The planes of one buffer; returns their number. */
RSPY_API int32_t rspy_camera_buffer(int32_t handle, int32_t stream, int32_t buffer,
                                    struct rspy_plane planes[RSPY_MAX_PLANES]);

/* A line for each control: name, type, least, most, default, separated by tabs. Text function. */
RSPY_API int32_t rspy_camera_controls(int32_t handle, char *into, int32_t capacity);

/* Sets a control by libcamera's own name: numbers, "true"/"false", several separated by commas. Before
 * start it holds from the first picture on, later from the next request that is queued. -ENOENT: this
 * camera has no such control; -EINVAL: not such a value. */
RSPY_API int32_t rspy_camera_set_control(int32_t handle, const char *name, const char *value);

/* Starts with all buffers queued. */
RSPY_API int32_t rspy_camera_start(int32_t handle);

/* Waits for a completed request, or for wake. 1: there may be something; 0: nothing in this time. */
RSPY_API int32_t rspy_camera_wait(int32_t handle, int32_t timeout_ms);

/* Ends a wait, and the next one. */
RSPY_API int32_t rspy_camera_wake(int32_t handle);

/* Takes the oldest completed request, without waiting. 1: one was written; 0: there is none;
 * -ENODEV: the camera is gone. */
RSPY_API int32_t rspy_camera_next(int32_t handle, struct rspy_frame *frame);

/* Gives a buffer back to the camera. 0 as well where the camera was stopped meanwhile: the buffer then
 * is there for the next start. -EALREADY: the camera has it. */
RSPY_API int32_t rspy_camera_requeue(int32_t handle, int32_t buffer);

/* Stops; every request is back when this returns, and what was completed and not taken is dropped. */
RSPY_API int32_t rspy_camera_stop(int32_t handle);

/* Stops and gives the camera back to the system. What is mapped stays readable. */
RSPY_API int32_t rspy_camera_release(int32_t handle);

/* Releases, unmaps, and ends the handle. */
RSPY_API int32_t rspy_camera_close(int32_t handle);

#ifdef __cplusplus
}
#endif
#endif
