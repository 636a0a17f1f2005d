#include "correction_notes.h"

#include "desk_remarks.h"

static bool corrects(struct wd_slice text)
{
    return (wd_desk_remarks_of_paragraph(text) & WD_WIRE_CORRECTION) != 0;
}

static void add(struct wd_story *story, struct wd_slice note, bool alone)
{
    if (wd_story_add_standing_note(story, note, alone) != WD_OK)
        story->flags |= WD_FLAG_TRUNCATED;
}

static bool is_page(const struct wd_story *story)
{
    return wd_slice_is(story->provenance.format, "page");
}

bool wd_correction_notes_has_note(const struct wd_story *story)
{
    return story->editors_note.len > 0 && (is_page(story) || corrects(story->editors_note));
}

/* A note on each line. */
static void add_note_lines(struct wd_story *story, bool alone)
{
    struct wd_slice rest = story->editors_note;
    struct wd_slice line = WD_SLICE_NONE;
    while (wd_text_next_line(&rest, &line)) {
        if (wd_text_trim(line).len > 0 && (is_page(story) || corrects(line)))
            add(story, line, alone);
    }
}

void wd_correction_notes_find(struct wd_story *story, bool said)
{
    if (!(story->signals & WD_SIGNAL_CORRECTION))
        return;
    add_note_lines(story, !said);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        if (wd_desk_remarks_stand_at(i, story->paragraph_count) && corrects(story->paragraphs[i]))
            add(story, story->paragraphs[i], !said);
    }
}
