/* The built-in English model as it stands in model/english.model: nothing to find at run time. */
    .section .rodata
    .global wd_english_model_begin
    .global wd_english_model_end
    .balign 64
wd_english_model_begin:
    .incbin WD_ENGLISH_MODEL_FILE
wd_english_model_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
