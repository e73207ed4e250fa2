package roster

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// form is one column of the template: what stands above it, how wide it is,
// what may be chosen and what the guide says about it.
type form struct {
	heading string
	width   float64
	choices []string
	guide   string
}

func forms() []form {
	return []form{
		{"Thứ tự", 9, nil, "Thứ tự theo lễ tân: 1, 2, 3… Để trống nếu theo thứ tự dòng."},
		{"Danh xưng", 12, []string{"Đồng chí", "Ông", "Bà"}, "Đồng chí, Ông hoặc Bà."},
		{"Họ và tên", 28, nil, "Bắt buộc. Viết đầy đủ, có dấu."},
		{"Chức vụ đảng", 26, nil, "Ví dụ: Phó Bí thư Tỉnh ủy. Để trống nếu không có."},
		{"Chức vụ", 28, nil, "Ví dụ: Giám đốc, Chủ tịch UBND tỉnh. Khối chữ ký chỉ dùng chức vụ này."},
		{"Đơn vị", 28, nil, "Ví dụ: Sở Y tế, Văn phòng UBND tỉnh."},
		{"Vai trò", 16, []string{"Chủ tọa", "Thư ký", "Thành viên", "Người dự thay", "Khách mời"}, "Để trống là Thành viên. Chỉ một Chủ tọa."},
		{"Số ghế", 9, nil, "Mỗi ghế một người."},
		{"Biểu quyết", 12, []string{"Có", "Không"}, "Để trống: Chủ tọa và Thành viên có, người khác không."},
		{"Dự thay cho", 28, nil, "Với Người dự thay: họ và tên thành viên vắng mặt."},
		{"Nội dung được dự", 18, nil, "Với Khách mời: số thứ tự nội dung, ví dụ 3, 5 hoặc 3-5. Để trống là tất cả."},
	}
}

// Template is the empty workbook the secretary downloads, fills in and brings
// back: one sheet for the list, one that explains each column.
func Template() ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	for _, step := range []func(*excelize.File) error{listSheet, guideSheet} {
		if err := step(f); err != nil {
			return nil, fmt.Errorf("draw the roster template: %w", err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("write the roster template: %w", err)
	}
	return b.Bytes(), nil
}

const listName, guideName = "Danh sách", "Hướng dẫn"

func listSheet(f *excelize.File) error {
	if err := f.SetSheetName("Sheet1", listName); err != nil {
		return err
	}
	for i, column := range forms() {
		if err := listColumn(f, i+1, column); err != nil {
			return fmt.Errorf("column %q: %w", column.heading, err)
		}
	}
	return f.SetPanes(listName, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// listColumn formats cells as text, or Excel would make a date of "3-5".
func listColumn(f *excelize.File, number int, column form) error {
	name, err := excelize.ColumnNumberToName(number)
	if err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	if err := f.SetColStyle(listName, name, text); err != nil {
		return err
	}
	if err := f.SetColWidth(listName, name, name, column.width); err != nil {
		return err
	}
	if column.choices != nil {
		if err := addChoices(f, name, column.choices); err != nil {
			return err
		}
	}
	return setBold(f, listName, name+"1", column.heading)
}

func addChoices(f *excelize.File, column string, choices []string) error {
	list := excelize.NewDataValidation(true)
	list.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, MaxRows+1))
	if err := list.SetDropList(choices); err != nil {
		return err
	}
	return f.AddDataValidation(listName, list)
}

func guideSheet(f *excelize.File) error {
	if _, err := f.NewSheet(guideName); err != nil {
		return err
	}
	for i, column := range forms() {
		line := i + 1
		if err := setBold(f, guideName, fmt.Sprintf("A%d", line), column.heading+":"); err != nil {
			return err
		}
		if err := f.SetCellStr(guideName, fmt.Sprintf("B%d", line), column.guide); err != nil {
			return err
		}
	}
	if err := f.SetColWidth(guideName, "A", "A", 22); err != nil {
		return err
	}
	return f.SetColWidth(guideName, "B", "B", 80)
}

func setBold(f *excelize.File, sheet, cell, text string) error {
	bold, err := f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF5"}},
	})
	if err != nil {
		return err
	}
	if err := f.SetCellStr(sheet, cell, text); err != nil {
		return err
	}
	return f.SetCellStyle(sheet, cell, cell, bold)
}
