/** The most common leaked passwords of at least eight characters, in small letters. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 12345678910 123123123 11111111 111111111 00000000 87654321 987654321 0987654321
   88888888 99999999 12341234 11223344 11112222 12344321 55555555 66666666 77777777 31415926 147258369 741852963
   123654789 789456123 159357258 password password1 password12 password123 password1234 password! password1!
   passw0rd p@ssw0rd p@ssword passpass passwort passwords qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234
   qwertyuiop123 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5 zaq12wsx qazwsxedc qazwsx123 asdfghjk asdfghjkl
   asdf1234 asdfasdf asdfjkl; zxcvbnm1 zxcvbnm, 1234qwer 123qweasd qwer1234 qweasdzxc abcd1234 abc12345 abcdefgh
   abcdefg1 a1b2c3d4 aa123456 a123456789 iloveyou iloveyou1 iloveyou2 ilovegod lovelove loveyou1 sunshine sunshine1
   princess princess1 football football1 baseball baseball1 basketball superman superman1 batman123 spiderman
   starwars pokemon1 pokemon123 charlie1 jennifer jessica1 michelle michael1 jonathan samantha victoria alexander
   benjamin elizabeth nicholas danielle ashley12 computer internet trustno1 whatever welcome1 welcome123 letmein1
   letmein123 changeme changeme1 changeme123 default1 admin123 admin1234 administrator adminadmin root1234 rootroot
   test1234 test12345 testtest testing1 testing123 guest123 demo1234 secret12 secret123 master12 master123 dragon12
   dragon123 monkey12 monkey123 shadow12 shadow123 killer12 freedom1 liverpool chelsea1 arsenal1 manchester chocolate
   butterfly hello123 hellohello google123 facebook facebook1 linkedin mustang1 corvette ferrari1 mercedes porsche1
   maverick midnight moonlight blink182 november december september february summer12 summer123 winter12 winter123
   spring123 samsung1 blahblah fuckyou1 fuckyou2 asshole1 computer1 cocacola elephant dolphins hockey12 soccer12
   tinkerbell babygirl babygirl1 sweetheart beautiful myspace1 yourname nothing1 cheese12 pa55word pa55w0rd
   qwerty12345 1234567a 12345678a 123456789a 123456aa 123456ab zaq1zaq1 zaq1xsw2 !qaz2wsx 1qazxsw2 xsw21qaz
   google12 correcthorsebatterystaple`.split(/\s+/),
);
