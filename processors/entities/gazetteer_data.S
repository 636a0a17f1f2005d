/* The built-in gazetteer, as wiredesk-gazetteer made it of gazetteer/names.tsv. */
    .section .rodata
    .global wd_gazetteer_begin
    .global wd_gazetteer_end
    .balign 16
wd_gazetteer_begin:
    .incbin WD_GAZETTEER_FILE
wd_gazetteer_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
