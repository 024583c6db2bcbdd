/*
 * The files of the page of charts, as they are: its skeleton, style and scripts, and the drawing library of the Debian
 * package libjs-chart.js. Embedded, so that the program writes pages wherever it is installed; page_files.hpp gives
 * them to C++. CMakeLists.txt defines where they are.
 */

.macro embed name, path
	.global	kloom_\name
	.global	kloom_\name\()_end
kloom_\name:
	.incbin	"\path"
kloom_\name\()_end:
	.byte	0
.endm

	.section .rodata
	embed	page_html, PAGE_HTML
	embed	page_css, PAGE_CSS
	embed	figures_js, FIGURES_JS
	embed	page_js, PAGE_JS
	embed	chart_js, CHART_JS

	.section .note.GNU-stack, "", @progbits
