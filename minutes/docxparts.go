package minutes

import (
	"fmt"
	"strings"
)

// fonts is the look every run has; sizes are in half points.
func fonts(size float64) string {
	return fmt.Sprintf(`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>`+
		`<w:sz w:val="%d"/><w:szCs w:val="%d"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/>`, half(size), half(size))
}

func half(size float64) int { return int(2*size + 0.5) }

// The named styles a clerk finds in Word.
const (
	styleBody    = "NoiDung"  // Nội dung
	styleSection = "DeMuc"    // Đề mục
	stylePlain   = "Dong"     // Dòng: no indent, no gap
	styleTable   = "BangBieu" // Bảng biểu
)

func styleSheet() string {
	return xmlHead + `<w:styles ` + nsW + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(bodySize) + `</w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		namedStyle(styleBody, "Nội dung", `<w:spacing w:before="120"/><w:ind w:firstLine="`+twips(indent)+`"/><w:jc w:val="both"/>`, "") +
		namedStyle(styleSection, "Đề mục", `<w:keepNext/><w:spacing w:before="120"/><w:ind w:firstLine="`+twips(indent)+`"/><w:jc w:val="both"/>`, `<w:b/><w:bCs/>`) +
		namedStyle(stylePlain, "Dòng", "", "") +
		namedStyle(styleTable, "Bảng biểu", `<w:spacing w:before="0" w:after="0"/>`, fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, half(tableSize), half(tableSize))) +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>` +
		`<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>` +
		`<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`
}

func namedStyle(id, name, paragraph, run string) string {
	s := `<w:style w:type="paragraph" w:customStyle="1" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:qFormat/>`
	if paragraph != "" {
		s += `<w:pPr>` + paragraph + `</w:pPr>`
	}
	if run != "" {
		s += `<w:rPr>` + run + `</w:rPr>`
	}
	return s + `</w:style>`
}

func settings() string {
	return xmlHead + `<w:settings ` + nsW + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>` +
		`<w:characterSpacingControl w:val="doNotCompress"/>` +
		`<w:compat><w:doNotExpandShiftReturn/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>`
}

func fontTable() string {
	return xmlHead + `<w:fonts ` + nsW + `><w:font w:name="Times New Roman"><w:panose1 w:val="02020603050405020304"/>` +
		`<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`
}

// header is what stands above the first page (the draft mark alone) or above
// the others (the page number too).
func (d *docxPen) header(first bool) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:hdr ` + nsW + ` ` + nsR + `>`)
	tabs := fmt.Sprintf(`<w:tabs><w:tab w:val="center" w:pos="%s"/><w:tab w:val="right" w:pos="%s"/></w:tabs>`, twips(d.sheet.measure()/2), twips(d.sheet.measure()))
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + stylePlain + `"/>` + tabs + `</w:pPr>`)
	if !first {
		b.WriteString(`<w:r>` + sized(13) + `<w:tab/></w:r>` +
			`<w:r>` + sized(13) + `<w:fldChar w:fldCharType="begin"/></w:r>` +
			`<w:r>` + sized(13) + `<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` +
			`<w:r>` + sized(13) + `<w:fldChar w:fldCharType="separate"/></w:r>` +
			`<w:r>` + sized(13) + `<w:t>2</w:t></w:r>` +
			`<w:r>` + sized(13) + `<w:fldChar w:fldCharType="end"/></w:r>`)
	}
	if d.sheet.Draft != "" {
		b.WriteString(`<w:r>`)
		if first {
			b.WriteString(`<w:tab/>`)
		}
		b.WriteString(`<w:tab/></w:r><w:r><w:rPr><w:b/><w:bCs/><w:sz w:val="24"/><w:szCs w:val="24"/>` +
			`<w:bdr w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:rPr><w:t xml:space="preserve"> ` + escape(tidy(d.sheet.Draft)) + ` </w:t></w:r>`)
	}
	b.WriteString(`</w:p></w:hdr>`)
	return b.String()
}

func (d *docxPen) footer() string {
	s := xmlHead + `<w:ftr ` + nsW + ` ` + nsR + `><w:p><w:pPr><w:pStyle w:val="` + stylePlain + `"/><w:jc w:val="center"/></w:pPr>`
	if d.sheet.Footer != "" {
		s += `<w:r><w:rPr><w:b/><w:bCs/><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr><w:t xml:space="preserve">` + escape(tidy(d.sheet.Footer)) + `</w:t></w:r>`
	}
	return s + `</w:p></w:ftr>`
}

func sized(size float64) string {
	return fmt.Sprintf(`<w:rPr><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr>`, half(size), half(size))
}

func (d *docxPen) document() string {
	width, height := d.sheet.page()
	way := ""
	if d.sheet.Landscape {
		way = ` w:orient="landscape"`
	}
	return xmlHead + `<w:document ` + nsW + ` ` + nsR + ` ` + nsDraw + `><w:body>` + d.b.String() +
		`<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:headerReference w:type="first" r:id="rId5"/>` +
		`<w:footerReference w:type="default" r:id="rId6"/><w:footerReference w:type="first" r:id="rId7"/>` +
		`<w:pgSz w:w="` + twips(width) + `" w:h="` + twips(height) + `"` + way + `/>` +
		`<w:pgMar w:top="` + twips(marginY) + `" w:right="` + twips(marginEnd) + `" w:bottom="` + twips(marginY) + `" w:left="` + twips(marginLeft) +
		`" w:header="` + twips(10) + `" w:footer="` + twips(8) + `" w:gutter="0"/><w:cols w:space="720"/><w:titlePg/></w:sectPr></w:body></w:document>`
}

// twips are twentieths of a point.
func twips(mm float64) string { return fmt.Sprint(int(mm/point*20 + 0.5)) }
