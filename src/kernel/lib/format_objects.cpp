// The forms of %p for escaped bytes, resources and flags: %*pE, %pr and %pR, %pGg and %pGv.
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "kernel/lib/format_spec.hpp"
#include "kernel/module_access.hpp"

#include <linux/ctype.h>
#include <linux/gfp_types.h>
#include <linux/ioport.h>
#include <linux/mm.h>

namespace kloom::kernel {
namespace {

// ---- escaped bytes
// -----------------------------------------------------------------------------------------------------

// Which bytes become escape sequences, and of which kind: what the letters behind %pE say.
struct EscapeRules {
    bool space = false;
    bool special = false;
    bool null = false;
    bool octal = false;
    bool hex = false;
    bool spares_printable = false;
};

EscapeRules parse_rules(const char* letters) {
    if (!isalnum(*letters))
        return {.space = true,
                .special = true,
                .null = true,
                .octal = true,
                .hex = false,
                .spares_printable = true};
    EscapeRules rules;
    for (; isalnum(*letters); ++letters) {
        switch (*letters) {
            case 'a':
                rules.space = rules.special = rules.null = rules.octal = true;
                break;
            case 'c':
                rules.special = true;
                break;
            case 'h':
                rules.hex = true;
                break;
            case 'n':
                rules.null = true;
                break;
            case 'o':
                rules.octal = true;
                break;
            case 'p':
                rules.spares_printable = true;
                break;
            case 's':
                rules.space = true;
                break;
            default:
                break;
        }
    }
    return rules;
}

// The letter that stands for a byte behind a backslash; '\0': there is none.
char letter_of(unsigned char byte, std::string_view bytes, std::string_view letters) {
    const size_t place = bytes.find(static_cast<char>(byte));
    return place == std::string_view::npos ? '\0' : letters[place];
}

void write_escaped_byte(TextWriter& out, unsigned char byte, const EscapeRules& rules) {
    char letter = '\0';
    if (rules.space) letter = letter_of(byte, "\n\r\t\v\f", "nrtvf");
    if (rules.special && letter == '\0') letter = letter_of(byte, "\\\a\033\"", "\\ae\"");
    if (rules.null && byte == '\0') letter = '0';
    const bool passes =
        (rules.spares_printable && isprint(byte)) || (letter == '\0' && !rules.octal && !rules.hex);
    if (passes) {
        out.put(static_cast<char>(byte));
        return;
    }
    out.put('\\');
    if (letter != '\0') {
        out.put(letter);
        return;
    }
    FormatSpec digits;
    digits.base = rules.octal ? 8 : 16;
    digits.width = rules.octal ? 3 : 2;
    digits.pads_with_zero = true;
    if (!rules.octal) out.put('x');
    write_number(out, byte, digits);
}

// ---- resources
// ---------------------------------------------------------------------------------------------------------

struct ResourceKind {
    unsigned long flag;
    const char* name;
    FormatSpec number;
};

FormatSpec address_spec(int width) {
    FormatSpec spec;
    spec.base = 16;
    spec.is_alternate = spec.pads_with_zero = true;
    spec.width = width;
    return spec;
}

FormatSpec bus_spec() {
    FormatSpec spec = address_spec(2);
    spec.is_alternate = false;
    return spec;
}

ResourceKind kind_of(const struct resource& resource) {
    const ResourceKind kinds[] = {
        {IORESOURCE_IO, "io  ", address_spec(6)},
        {IORESOURCE_MEM, "mem ", address_spec(10)},
        {IORESOURCE_IRQ, "irq ", {}},
        {IORESOURCE_DMA, "dma ", {}},
        {IORESOURCE_BUS, "bus ", bus_spec()},
    };
    for (const ResourceKind& kind : kinds)
        if ((resource.flags & kind.flag) != 0) return kind;
    return {0, "??? ", address_spec(10)};
}

void write_range(TextWriter& out, const struct resource& resource, const ResourceKind& kind) {
    write_number(out, resource.start, kind.number);
    if (resource.start == resource.end) return;
    out.put('-');
    write_number(out, resource.end, kind.number);
}

void write_plain_hex(TextWriter& out, uint64_t number) {
    FormatSpec spec;
    spec.base = 16;
    spec.is_alternate = true;
    write_number(out, number, spec);
}

// ---- flags
// -------------------------------------------------------------------------------------------------------------

struct FlagName {
    unsigned long mask;
    const char* name;
};

#define KLOOM_FLAG(flag) \
    { flag, #flag }
// Names for several flags come before those of their parts.
constexpr FlagName kGfpNames[] = {
    KLOOM_FLAG(GFP_TRANSHUGE),
    KLOOM_FLAG(GFP_TRANSHUGE_LIGHT),
    KLOOM_FLAG(GFP_HIGHUSER_MOVABLE),
    KLOOM_FLAG(GFP_HIGHUSER),
    KLOOM_FLAG(GFP_USER),
    KLOOM_FLAG(GFP_KERNEL_ACCOUNT),
    KLOOM_FLAG(GFP_KERNEL),
    KLOOM_FLAG(GFP_NOFS),
    KLOOM_FLAG(GFP_ATOMIC),
    KLOOM_FLAG(GFP_NOIO),
    KLOOM_FLAG(GFP_NOWAIT),
    KLOOM_FLAG(GFP_DMA),
    KLOOM_FLAG(__GFP_HIGHMEM),
    KLOOM_FLAG(GFP_DMA32),
    KLOOM_FLAG(__GFP_HIGH),
    KLOOM_FLAG(__GFP_ATOMIC),
    KLOOM_FLAG(__GFP_IO),
    KLOOM_FLAG(__GFP_FS),
    KLOOM_FLAG(__GFP_NOWARN),
    KLOOM_FLAG(__GFP_RETRY_MAYFAIL),
    KLOOM_FLAG(__GFP_NOFAIL),
    KLOOM_FLAG(__GFP_NORETRY),
    KLOOM_FLAG(__GFP_COMP),
    KLOOM_FLAG(__GFP_ZERO),
    KLOOM_FLAG(__GFP_NOMEMALLOC),
    KLOOM_FLAG(__GFP_MEMALLOC),
    KLOOM_FLAG(__GFP_HARDWALL),
    KLOOM_FLAG(__GFP_THISNODE),
    KLOOM_FLAG(__GFP_RECLAIMABLE),
    KLOOM_FLAG(__GFP_MOVABLE),
    KLOOM_FLAG(__GFP_ACCOUNT),
    KLOOM_FLAG(__GFP_WRITE),
    KLOOM_FLAG(__GFP_RECLAIM),
    KLOOM_FLAG(__GFP_DIRECT_RECLAIM),
    KLOOM_FLAG(__GFP_KSWAPD_RECLAIM),
};
#undef KLOOM_FLAG

constexpr FlagName kVmaNames[] = {
    {VM_READ, "read"},           {VM_WRITE, "write"},           {VM_EXEC, "exec"},
    {VM_SHARED, "shared"},       {VM_MAYREAD, "mayread"},       {VM_MAYWRITE, "maywrite"},
    {VM_MAYEXEC, "mayexec"},     {VM_MAYSHARE, "mayshare"},     {VM_GROWSDOWN, "growsdown"},
    {VM_PFNMAP, "pfnmap"},       {VM_LOCKED, "locked"},         {VM_IO, "io"},
    {VM_DONTCOPY, "dontcopy"},   {VM_DONTEXPAND, "dontexpand"}, {VM_ACCOUNT, "account"},
    {VM_NORESERVE, "noreserve"}, {VM_DONTDUMP, "dontdump"},     {VM_MIXEDMAP, "mixedmap"},
};

void write_flag_names(TextWriter& out, unsigned long flags, std::span<const FlagName> names) {
    for (const FlagName& known : names) {
        if (flags == 0) return;
        if ((flags & known.mask) != known.mask) continue;
        out.put(known.name);
        flags &= ~known.mask;
        if (flags != 0) out.put('|');
    }
    if (flags != 0) write_plain_hex(out, flags);
}

}  // namespace

void write_escaped(TextWriter& out, const char* extension, const void* pointer,
                   const FormatSpec& spec) {
    if (spec.width == 0 || !check_pointer(out, pointer, spec)) return;
    const auto* bytes = static_cast<const unsigned char*>(pointer);
    const size_t count = spec.width > 0 ? static_cast<size_t>(spec.width) : 1;
    const EscapeRules rules = parse_rules(extension + 1);
    note_read(bytes, count);
    for (size_t i = 0; i < count; ++i) write_escaped_byte(out, bytes[i], rules);
}

void write_resource(TextWriter& out, const char* extension, const void* pointer,
                    const FormatSpec& spec) {
    if (!check_pointer(out, pointer, spec)) return;
    note_read(pointer, sizeof(struct resource));
    const auto& resource = *static_cast<const struct resource*>(pointer);
    const ResourceKind kind = kind_of(resource);
    const bool decodes = *extension == 'R' && kind.flag != 0;
    char text[100];
    TextWriter line(text, sizeof text, TextOwner::Kernel);
    line.put('[');
    line.put(kind.name);
    if (decodes && (resource.flags & IORESOURCE_UNSET) != 0) {
        line.put("size ");
        write_number(line, resource_size(&resource), kind.number);
    } else {
        write_range(line, resource, kind);
    }
    if (decodes) {
        if ((resource.flags & IORESOURCE_MEM_64) != 0) line.put(" 64bit");
        if ((resource.flags & IORESOURCE_PREFETCH) != 0) line.put(" pref");
        if ((resource.flags & IORESOURCE_WINDOW) != 0) line.put(" window");
        if ((resource.flags & IORESOURCE_DISABLED) != 0) line.put(" disabled");
    } else {
        line.put(" flags ");
        write_plain_hex(line, resource.flags);
    }
    line.put(']');
    line.finish();
    write_text(out, text, spec);
}

bool write_flags(TextWriter& out, const char* extension, const void* pointer,
                 const FormatSpec& spec) {
    const char kind = extension[1];
    if (kind != 'g' && kind != 'v') return false;
    if (!check_pointer(out, pointer, spec)) return true;
    if (kind == 'g') {
        note_read(pointer, sizeof(gfp_t));
        write_flag_names(out, *static_cast<const gfp_t*>(pointer), kGfpNames);
    } else {
        note_read(pointer, sizeof(unsigned long));
        write_flag_names(out, *static_cast<const unsigned long*>(pointer), kVmaNames);
    }
    return true;
}

}  // namespace kloom::kernel
