package viet

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestCleanMakesOneVisibleLine(t *testing.T) {
	for in, want := range map[string]string{
		norm.NFD.String("Trịnh Việt Hùng"): "Trịnh Việt Hùng",
		"  Hoàng\u00a0 Thị\tThảo \r\n":     "Hoàng Thị Thảo",
		"\ufeffTrần\u200b Bảo":             "Trần Bảo",
		"Lã \u202eKim\u202c Dung\u0007":    "Lã Kim Dung",
		"e\u0302\u0301":                    "ế",
		"e\u0301\u0302":                    norm.NFC.String("e\u0301\u0302"),
		"a\xff":                            "a\uFFFD",
		"Z" + strings.Repeat("\u0336", 60): "Z" + strings.Repeat("\u0336", 4),
		"":                                 "",
		"\u200b \u2028":                    "",
		"ê\u0301":                          "ế",
		"Công văn số 5\u2028ngày 3":        "Công văn số 5 ngày 3",
		"30/2020/NĐ-CP":                    "30/2020/NĐ-CP",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanTextKeepsParagraphs(t *testing.T) {
	got := CleanText("\n\n  Tôi   đồng ý. \r\n\r\n\n\rNhưng\u2028cần rõ hơn.\t\n\n")
	if want := "Tôi đồng ý.\n\nNhưng\ncần rõ hơn."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đặng Ngọc Huy": "dang ngoc huy", "30/2020/NĐ-CP": "30/2020/nd-cp", "hoà": "hoa", "hòa": "hoa",
		"Uỷ": "uy", "Ủy": "uy", "TRƯNG VƯƠNG": "trung vuong", norm.NFD.String("Đầu tư"): "dau tu",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCleanAndFold(f *testing.F) {
	for _, s := range []string{"Trịnh", "a\xff\u0344\u0344\u0344", "İstanbul \u212a", "\u1e9e\u0130", strings.Repeat("\u0308", 70), "\r\n\v\u2029x", "\u0958\u093c\u0f73", "\u0308\u0308\u0308\u0308\x06\u03080"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, fn := range map[string]func(string) string{"Clean": Clean, "CleanText": CleanText, "Fold": Fold} {
			once := fn(s)
			if twice := fn(once); twice != once {
				t.Errorf("%s is not idempotent: %q, %q, %q", name, s, once, twice)
			}
			if !utf8.ValidString(once) || !norm.NFC.IsNormalString(once) {
				t.Errorf("%s(%q) = %q is not valid NFC", name, s, once)
			}
		}
		if strings.ContainsAny(Clean(s), "\n\r\t\u202e\u2066\u200b\ufeff") {
			t.Errorf("Clean(%q) kept what cannot be seen", s)
		}
	})
}

func TestSortTextIsTheDictionarys(t *testing.T) {
	want := strings.Fields("An Anh Ánh Ăn Ân Ất Ba Dũng Duy Đức Ha Hà Hả Hã Há Hạ Ông Yến")
	got := slices.Clone(want)
	slices.Reverse(got)
	SortText(got, func(s string) string { return s })
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestSortNamesByGivenFamilyMiddle(t *testing.T) {
	want := []string{"Nguyễn Văn An", "Lê Thị Ánh", "Trần Quốc Bảo", "Vũ Đình Dũng", "Lê Văn Đức", "Nguyễn Bá Hùng", "Nguyễn Văn Hùng", "Trịnh An Hùng", "Yến"}
	got := slices.Clone(want)
	slices.Reverse(got)
	SortNames(got, func(s string) string { return s })
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestIndexIsInOrder(t *testing.T) {
	got := Index()
	SortText(got, func(s string) string { return s })
	if !slices.Equal(got, Index()) || len(got) != 29 {
		t.Errorf("got %v", got)
	}
}

func TestNames(t *testing.T) {
	family, middle, given := SplitName(" Nguyễn Thị  Minh Khai ")
	if family != "Nguyễn" || middle != "Thị Minh" || given != "Khai" {
		t.Errorf("got %q %q %q", family, middle, given)
	}
	for _, c := range []struct{ salutation, name, short, initialled string }{
		{Mister, "Trần Quốc Bảo", "Ô. Bảo", "T.Q.Bảo"}, {Madam, "Hoàng Thị Thảo", "B. Thảo", "H.T.Thảo"},
		{Comrade, "Đặng Ích Hưng", "Đ/c Hưng", "Đ.Í.Hưng"}, {"", "Yến", "Yến", "Yến"}, {"", "", "", ""},
	} {
		if got := ShortName(c.salutation, c.name); got != c.short {
			t.Errorf("ShortName = %q, want %q", got, c.short)
		}
		if got := Initialled(c.name); got != c.initialled {
			t.Errorf("Initialled = %q, want %q", got, c.initialled)
		}
	}
}

func TestParseSalutation(t *testing.T) {
	for in, want := range map[string]string{"Đ/c": Comrade, "đồng chí": Comrade, "ÔNG": Mister, "Ô.": Mister, "bà": Madam, "Mr.": Mister, "Ngài": "", "": ""} {
		if got, ok := ParseSalutation(in); got != want || ok != (want != "") {
			t.Errorf("ParseSalutation(%q) = %q, %v", in, got, ok)
		}
	}
}

func TestPersonLine(t *testing.T) {
	for want, p := range map[string]Person{
		"Đồng chí Trịnh Văn A, Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh": {Comrade, "Trịnh Văn A", "Phó Bí thư Tỉnh ủy", "Chủ tịch UBND tỉnh", "UBND tỉnh"},
		"Bà Hoàng Thị Thảo – Giám đốc Sở Y tế":                         {Madam, "Hoàng Thị Thảo", "", "Giám đốc", "Sở Y tế"},
		"Ông Lê Văn B – Giám đốc Sở Y tế":                              {Mister, "Lê Văn B", "", "Giám đốc Sở Y tế", "Sở Y tế"},
		"Ông Vũ Văn C – Chánh Văn phòng UBND tỉnh":                     {Mister, "Vũ Văn C", "", "Chánh Văn phòng", "Văn phòng UBND tỉnh"},
		"Ông Vũ Văn D – Trưởng ban Dân tộc":                            {Mister, "Vũ Văn D", "", "Trưởng ban", "Ban Dân tộc"},
		"Đồng chí Vũ Văn E, Ủy viên UBND tỉnh, Sở Y tế":                {Comrade, "Vũ Văn E", "", "Ủy viên UBND tỉnh", "Sở Y tế"},
		"Đồng chí Vũ Văn G, Bí thư Thành ủy":                           {Comrade, "Vũ Văn G", "Bí thư Thành ủy", "", ""},
		"Bà Vũ Thị H":          {Salutation: Madam, Name: "Vũ Thị H"},
		"Vũ Thị I – Sở Nội vụ": {Name: "Vũ Thị I", Unit: "Sở Nội vụ"},
	} {
		if got := p.Line(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 2, 4, 18, 5, 9, 0, time.UTC) // already the 5th in Việt Nam
	for got, want := range map[string]string{
		FormalDate(at): "ngày 05 tháng 02 năm 2026", FormalClock(at): "01 giờ 05 phút", Date(at): "05/02/2026",
		Clock(at): "01:05", ClockSeconds(at): "01:05:09", Weekday(at): "Thứ Năm", LongDate(at): "Thứ Năm, 05/02/2026",
		FormalMoment(at): "01 giờ 05 phút, ngày 05 tháng 02 năm 2026",
		FormalDate(time.Date(2021, 3, 25, 5, 0, 0, 0, time.UTC)): "ngày 25 tháng 3 năm 2021",
		FormalDate(time.Date(2026, 12, 9, 5, 0, 0, 0, time.UTC)): "ngày 09 tháng 12 năm 2026",
		Weekday(time.Date(2026, 6, 28, 5, 0, 0, 0, time.UTC)):    "Chủ nhật",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, in := range []string{"24/6/2026", "24/06/2026", " 24-06-2026", "24.6.2026", "2026-06-24", "24 / 6 / 2026"} {
		got, err := ParseDate(in)
		if err != nil || Date(got) != "24/06/2026" || Clock(got) != "00:00" {
			t.Errorf("ParseDate(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "31/2/2026", "24/6", "6/24/2026", "mai"} {
		if got, err := ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", in, got)
		}
	}
}

func TestParseClock(t *testing.T) {
	half := 14*time.Hour + 30*time.Minute
	for in, want := range map[string]time.Duration{"14:30": half, "14h30": half, "14g30": half, "14 giờ 30 phút": half, "8h": 8 * time.Hour, "08:05:09": 8*time.Hour + 5*time.Minute + 9*time.Second} {
		if got, err := ParseClock(in); err != nil || got != want {
			t.Errorf("ParseClock(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "25:00", "14:61", "trưa"} {
		if got, err := ParseClock(in); err == nil {
			t.Errorf("ParseClock(%q) = %v, want an error", in, got)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 giây", -time.Minute: "0 giây", 40 * time.Second: "40 giây", 3 * time.Minute: "3 phút", 580 * time.Second: "9 phút 40 giây",
		80 * time.Minute: "1 giờ 20 phút", time.Hour: "1 giờ", time.Hour + 59*time.Minute + 45*time.Second: "2 giờ", 59*time.Second + 600*time.Millisecond: "1 phút",
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		Number(380000): "380.000", Number(-1500000000): "-1.500.000.000", Number(7): "7", Number(-100): "-100",
		Decimal(66.666, 2): "66,67", Decimal(1234.5, 1): "1.234,5", Decimal(-0.001, 2): "0,00", Decimal(-12, 0): "-12",
		Percent(18, 22): "81,82%", Percent(22, 22): "100,00%", Percent(1, 3): "33,33%", Percent(2, 3): "66,67%", Percent(1, 0): "0,00%", Percent(1, 800): "0,13%",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseNumbers(t *testing.T) {
	for in, want := range map[string]int64{"25.000": 25000, "25000": 25000, " 1.500.000 ": 1500000, "-25.000": -25000, "0": 0} {
		if got, err := ParseNumber(in); err != nil || got != want {
			t.Errorf("ParseNumber(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "25.00", "2.5000", "25,5", "--5", "+5", "-", "a", "99999999999999999999"} {
		if got, err := ParseNumber(in); err == nil {
			t.Errorf("ParseNumber(%q) = %v, want an error", in, got)
		}
	}
	for in, want := range map[string]float64{"1.234,5": 1234.5, "66,67": 66.67, "7": 7, "-0,5": -0.5} {
		if got, err := ParseDecimal(in); err != nil || got != want {
			t.Errorf("ParseDecimal(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1.5", "1,", "1,5,5", "1,-5", ",5"} {
		if got, err := ParseDecimal(in); err == nil {
			t.Errorf("ParseDecimal(%q) = %v, want an error", in, got)
		}
	}
}

func TestLettersFollowTheAlphabet(t *testing.T) {
	var got []string
	for i := range 25 {
		got = append(got, Letter(i))
	}
	if want := "a b c d đ e g h i k l m n o p q r s t u v x y aa ab"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}
