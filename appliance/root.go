package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// language is the one people are spoken to in; logs are always English.
type language string

const (
	vietnamese language = "vi"
	english    language = "en"
)

// or picks the text of the language.
func (l language) or(vi, en string) string {
	if l == english {
		return en
	}
	return vi
}

// languageOf looks for --lang before the flags are parsed, since the help text
// itself depends on it.
func languageOf(args []string, env func(string) string) language {
	chosen := env("PHONGHOP_LANG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			chosen = v
		}
		if a == "--lang" && i+1 < len(args) {
			chosen = args[i+1]
		}
	}
	if chosen == string(english) {
		return english
	}
	return vietnamese
}

func newRoot(l language, env func(string) string) *cobra.Command {
	root := &cobra.Command{
		Use: "phonghop",
		Short: l.or("Phòng họp không giấy tờ: chạy phiên họp trên máy tính bảng, không cần internet",
			"Paperless meeting room: runs a session on tablets, without the internet"),
		SilenceUsage: true, SilenceErrors: true, Args: noArgs,
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.PersistentFlags().String("lang", "", l.or("ngôn ngữ: vi (mặc định) hoặc en", "language: vi (default) or en"))
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		return errors.Join(fromEnvironment(c.Flags(), env), checkLanguage(c.Flags()))
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.SetHelpTemplate(helpText(l))
	root.SetHelpCommand(&cobra.Command{Use: "no-help", Hidden: true})
	root.AddCommand(serveCommand(l), claimCommand(l), syncCommand(l), centreCommand(l), receiveCommand(l), backupCommand(l), restoreCommand(l), pagesCommand(), rehearseCommand(l), doctorCommand(l), verifyCommand(l), exportCommand(l), versionCommand(l), licencesCommand(l))
	for _, c := range append(root.Commands(), root) {
		c.DisableFlagsInUseLine = true
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = l.or("in cách dùng", "show the usage")
	}
	return root
}

func checkLanguage(flags *pflag.FlagSet) error {
	switch lang, err := flags.GetString("lang"); {
	case err != nil:
		return err
	case lang != "" && lang != string(vietnamese) && lang != string(english):
		return &usageError{fmt.Errorf("--lang %s: vi, en", lang)}
	}
	return nil
}

// fromEnvironment gives each flag that was not set the value of its PHONGHOP_
// variable: --allow-http is PHONGHOP_ALLOW_HTTP.
func fromEnvironment(flags *pflag.FlagSet, env func(string) string) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := "PHONGHOP_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		v := env(name)
		if f.Changed || v == "" || err != nil {
			return
		}
		if bad := flags.Set(f.Name, v); bad != nil {
			err = &usageError{fmt.Errorf("%s: %w", name, bad)}
		}
	})
	return err
}

func noArgs(c *cobra.Command, args []string) error {
	if err := cobra.NoArgs(c, args); err != nil {
		return &usageError{err}
	}
	return nil
}

func oneArg(c *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(c, args); err != nil {
		return &usageError{err}
	}
	return nil
}

func helpText(l language) string {
	return `{{with (or .Long .Short)}}{{.}}

{{end}}` + l.or("Cách dùng:", "Usage:") + `
  {{.UseLine}}{{if .HasAvailableSubCommands}} ` + l.or("LỆNH", "COMMAND") + `

` + l.or("Các lệnh:", "Commands:") + `{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name 10}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

` + l.or("Tùy chọn:", "Options:") + `
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}

` + l.or("Mỗi tùy chọn có biến môi trường cùng tên, ví dụ PHONGHOP_DATA.", "Each option has an environment variable of its name, as PHONGHOP_DATA.") + "\n"
}
